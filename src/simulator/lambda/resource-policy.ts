import type { Home } from '../call/service.ts';

/** A condition of a statement: values by condition key by operator. */
type Conditions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A statement of a function's resource policy, as AddPermission writes it. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: '*' | { readonly Service: string } | { readonly AWS: string };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Conditions;
}

/** Name of Secrets Manager as a principal in policies. */
const ROTATOR = 'secretsmanager.amazonaws.com';

/**
 * The statement that the documentation of rotation asks for.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
 */
export const rotationPermission = (functionArn: string, { account }: Home): PolicyStatement => ({
  Sid: 'SecretsManagerAccess',
  Effect: 'Allow',
  Principal: { Service: ROTATOR },
  Action: 'lambda:InvokeFunction',
  Resource: functionArn,
  Condition: { StringEquals: { 'AWS:SourceAccount': account } },
});

/** Whether a policy lets Secrets Manager invoke its function for a secret; without one, for any secret of the account. */
export const letsRotate = (
  statements: readonly PolicyStatement[],
  account: string,
  secretArn?: string,
): boolean =>
  statements.some(
    ({ Principal, Action, Condition = {} }) =>
      isRotator(Principal) &&
      ['lambda:InvokeFunction', 'lambda:*', '*'].includes(Action) &&
      Object.values(Condition).every((wanted) =>
        Object.entries(wanted).every(([key, value]) => holds(key, value, { account, secretArn })),
      ),
  );

const isRotator = (principal: PolicyStatement['Principal']): boolean =>
  principal === '*' || ('Service' in principal && principal.Service === ROTATOR);

interface Caller {
  readonly account: string;
  readonly secretArn: string | undefined;
}

function holds(key: string, value: string, { account, secretArn }: Caller): boolean {
  switch (key.toLowerCase()) {
    case 'aws:sourceaccount':
      return value === account;
    case 'aws:sourcearn':
      return secretArn === undefined || wildcard(value).test(secretArn);
    default:
      return false;
  }
}

const wildcard = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
