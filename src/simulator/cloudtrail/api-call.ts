import { formatInstant, type Instant, instant, later, MINUTE, SECOND } from '../../calendar/instant.ts';
import type { Call, Input } from '../call/service.ts';

/** A time as records carry it: whole seconds. */
export const eventTime = (at: Instant): string => formatInstant(instant(Math.floor(at / SECOND) * SECOND));

/** The input of a call as its record shows it: in camelCase, without its sensitive members. */
export const requestParameters = (input: Input, sensitive: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(input)
      .filter(([key, value]) => !sensitive.includes(key) && value !== undefined && value !== null)
      .map(([key, value]) => [lowerFirst(key), inCamelCase(value, sensitive)]),
  );

function inCamelCase(value: unknown, sensitive: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => inCamelCase(item, sensitive));
  return typeof value === 'object' && value !== null ? requestParameters({ ...value }, sensitive) : value;
}

const lowerFirst = (key: string): string => key.slice(0, 1).toLowerCase() + key.slice(1);

/** Returns the caller in the form of CloudTrail's records. */
export function userIdentity({ principal, account, now }: Call): Record<string, unknown> {
  const [kind = '', name = '', session = ''] = (principal.split(':')[5] ?? '').split('/');
  const common = { arn: principal, accountId: account };
  if (kind !== 'assumed-role') {
    return {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLE',
      ...common,
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      userName: name,
    };
  }
  return {
    type: 'AssumedRole',
    principalId: `AROAEXAMPLE:${session}`,
    ...common,
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROAEXAMPLE',
        arn: `arn:aws:iam::${account}:role/${name}`,
        accountId: account,
        userName: name,
      },
      attributes: { creationDate: eventTime(later(now, -5 * MINUTE)), mfaAuthenticated: 'false' },
    },
  };
}
