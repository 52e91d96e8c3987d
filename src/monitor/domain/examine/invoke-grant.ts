import type { Secret } from '../secret/secret.ts';
import { fitsWildcards } from '../wildcards.ts';

/** A statement of a rotation function's resource policy about Secrets Manager invoking it. */
export interface InvokeGrant {
  readonly effect: 'allow' | 'deny';
  /** Accounts it holds for (`aws:SourceAccount`); undefined for all. */
  readonly sourceAccounts: readonly string[] | undefined;
  /** Patterns of the secret ARNs it holds for (`aws:SourceArn`), with `*` and `?`; undefined for all. */
  readonly sourceArns: readonly string[] | undefined;
  /** Whether it hangs on conditions that are not understood here. */
  readonly isConditional: boolean;
}

/**
 * Whether Secrets Manager may invoke a function for a secret, by the statements of its policy. What is not understood
 * makes it `unknown`, never `no`: people are woken for a `no`.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
 */
export function mayInvoke(
  grants: readonly InvokeGrant[],
  secret: Pick<Secret, 'arn' | 'account'>,
): 'yes' | 'no' | 'unknown' {
  const fitting = grants.filter((grant) => concerns(grant, secret));
  const denials = fitting.filter(({ effect }) => effect === 'deny');
  const permissions = fitting.filter(({ effect }) => effect === 'allow');
  if (permissions.length === 0 || denials.some(({ isConditional }) => !isConditional)) return 'no';
  if (denials.length > 0 || permissions.every(({ isConditional }) => isConditional)) return 'unknown';
  return 'yes';
}

const concerns = (
  { sourceAccounts, sourceArns }: InvokeGrant,
  { arn, account }: Pick<Secret, 'arn' | 'account'>,
): boolean =>
  (sourceAccounts === undefined || sourceAccounts.some((pattern) => fitsWildcards(pattern, account))) &&
  (sourceArns === undefined || sourceArns.some((pattern) => fitsWildcards(pattern, arn)));
