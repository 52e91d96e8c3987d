import * as z from 'zod';
import type { TemplateResource } from './template.ts';

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const roleSchema = z.object({
  Policies: z
    .array(
      z.object({
        PolicyDocument: z.object({
          Statement: z.array(
            z.object({
              Sid: z.string(),
              Effect: z.enum(['Allow', 'Deny']),
              Action: texts,
              Resource: texts,
              Condition: z.record(z.string(), z.record(z.string(), texts)).default({}),
            }),
          ),
        }),
      }),
    )
    .default([]),
});

/** One statement of the policies of a role. */
export interface RoleStatement {
  readonly role: string;
  readonly sid: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** The statements of all roles of a template whose references are worked out. */
export const statementsOf = (resources: readonly TemplateResource[]): readonly RoleStatement[] =>
  resources
    .filter(({ type }) => type === 'AWS::IAM::Role')
    .flatMap(({ id, properties }) =>
      roleSchema.parse(properties).Policies.flatMap(({ PolicyDocument: { Statement } }) =>
        Statement.map((each) => ({
          role: id,
          sid: each.Sid,
          effect: each.Effect,
          actions: each.Action,
          resources: each.Resource,
          conditions: each.Condition,
        })),
      ),
    );
