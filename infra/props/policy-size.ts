import { Stack } from 'aws-cdk-lib';
import { PolicyDocument, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { DeploymentError } from './deployment-error.ts';
import { longest } from './environment-size.ts';

/**
 * Largest size of all inline policies of a role, in characters without white space.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MAX_BYTES = 10_240;

/**
 * Throws when the statements cannot fit into the inline policies of a role; a value known only at deployment is taken
 * at its longest.
 */
export function checkPolicySize(role: IConstruct, statements: readonly PolicyStatement[]): void {
  const bytes = policySize(role, statements);
  if (bytes <= MAX_BYTES) return;
  throw new DeploymentError(
    `The policy of "${role.node.path}" needs up to ${bytes} bytes, and a role holds ${MAX_BYTES}: name organizational units instead of accounts, fewer regions, or choose shorter names`,
  );
}

/** Returns the largest size of the policy, in bytes. */
export function policySize(role: IConstruct, statements: readonly PolicyStatement[]): number {
  const stack = Stack.of(role);
  const document: unknown = stack.resolve(new PolicyDocument({ statements: [...statements] }).toJSON());
  return Buffer.byteLength(JSON.stringify(withoutReferences(document, stack.stackName)));
}

/** The same with a text of the longest possible length in place of each reference. */
function withoutReferences(value: unknown, stackName: string): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutReferences(each, stackName));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[name] = ['']] = entries;
  if (entries.length === 1 && /^(Ref|Fn::\w+)$/.test(name)) return '-'.repeat(longest(value, stackName));
  return Object.fromEntries(entries.map(([key, each]) => [key, withoutReferences(each, stackName)]));
}
