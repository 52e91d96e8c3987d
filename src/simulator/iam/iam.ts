import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Operation, Service } from '../call/service.ts';
import { decisionOn, type IdentityStatement } from './identity-policy.ts';
import type { Role, Roles } from './roles.ts';

const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const simulating = z.object({
  PolicySourceArn: z.string(),
  ActionNames: texts,
  ResourceArns: texts.default(['*']),
  ContextEntries: z.array(z.object({ ContextKeyName: z.string(), ContextKeyValues: texts })).default([]),
});
const naming = z.object({ RoleName: z.string().min(1) });

/** IAM: what roles are like, how accounts are called, and what their policies would let them do. */
export function createIam(roles: Roles): Service {
  return {
    operations: {
      SimulatePrincipalPolicy: simulate(roles),
      ListAccountAliases: (_input, { account }) => ({
        AccountAliases: [roles.aliases.get(account)].filter((alias) => alias !== undefined),
        IsTruncated: false,
      }),
      GetRole: (input, { account }) => ({
        Role: shown(found(roles, account, readInput(naming, input).RoleName)),
      }),
    },
  };
}

function found(roles: Roles, account: string, name: string): Role {
  const role = roles.find(`arn:aws:iam::${account}:role/${name}`);
  if (role !== undefined) return role;
  throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
}

const shown = ({ name, arn, trust, maxSessionSeconds }: Role): object => ({
  RoleName: name,
  Arn: arn,
  Path: '/',
  MaxSessionDuration: maxSessionSeconds,
  AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify({ Version: '2012-10-17', ...trust })),
});

/**
 * Judges the policies of the role alone: what a resource says of itself is not asked.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
function simulate(roles: Roles): Operation {
  return (input) => {
    const { PolicySourceArn, ActionNames, ResourceArns, ContextEntries } = readInput(simulating, input);
    const keys = Object.fromEntries(
      ContextEntries.map(({ ContextKeyName, ContextKeyValues }) => [
        ContextKeyName.toLowerCase(),
        ContextKeyValues,
      ]),
    );
    const statements = roles.identityOf(PolicySourceArn);
    if (statements === undefined)
      throw new AwsError('NoSuchEntity', `The principal ${PolicySourceArn} cannot be found.`, 404);
    const results = ActionNames.flatMap((action) =>
      ResourceArns.map((resource) => evaluated(statements, { action, resource, keys })),
    );
    return { IsTruncated: false, EvaluationResults: results };
  };
}

function evaluated(
  statements: readonly IdentityStatement[],
  asked: Parameters<typeof decisionOn>[1],
): object {
  const { action, resource } = asked;
  const { decision, missingKeys } = decisionOn(statements, asked);
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: decision,
    MissingContextValues: missingKeys,
  };
}
