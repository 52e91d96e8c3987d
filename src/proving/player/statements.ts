import * as z from 'zod';
import type { TemplateResource } from './template.ts';

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const policyDocument = z.object({
  Statement: z.array(
    z.object({
      Sid: z.string().default(''),
      Effect: z.enum(['Allow', 'Deny']),
      Action: texts,
      Resource: texts,
      Condition: z.record(z.string(), z.record(z.string(), texts)).default({}),
    }),
  ),
});

type PolicyDocument = z.infer<typeof policyDocument>;

const roleSchema = z.object({
  Policies: z.array(z.object({ PolicyDocument: policyDocument })).default([]),
});

const policySchema = z.object({ PolicyDocument: policyDocument, Roles: z.array(z.string()) });

/** One statement of the policies of a role. */
export interface RoleStatement {
  readonly role: string;
  /** Empty where the statement has none. */
  readonly sid: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** The statements of all roles of a template whose references are worked out, those of policies beside the roles too. */
export const statementsOf = (resources: readonly TemplateResource[]): readonly RoleStatement[] =>
  resources.flatMap(({ type, id, properties }) => {
    if (type === 'AWS::IAM::Role')
      return roleSchema
        .parse(properties)
        .Policies.flatMap(({ PolicyDocument }) => statementsIn(PolicyDocument, id));
    if (type !== 'AWS::IAM::Policy') return [];
    const { PolicyDocument, Roles } = policySchema.parse(properties);
    return Roles.flatMap((role) => statementsIn(PolicyDocument, role));
  });

const statementsIn = ({ Statement }: PolicyDocument, role: string): readonly RoleStatement[] =>
  Statement.map((each) => ({
    role,
    sid: each.Sid,
    effect: each.Effect,
    actions: each.Action,
    resources: each.Resource,
    conditions: each.Condition,
  }));
