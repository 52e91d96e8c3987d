import type { Deployed, SimulatedAction } from './deployed.ts';
import { type Diagnosis, diagnosing } from './diagnosis.ts';
import { admission } from './resource-policy.ts';

const identity = diagnosing('identity-policies');
const keys = diagnosing('key-policy');

/** An action that a function has to be allowed, or never may be. */
export interface NeededAction {
  readonly handler: string;
  readonly action: string;
  readonly resource: string;
  readonly isDenied: boolean;
}

/** Actions that no function may ever have. */
const NEVER = ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'];

/**
 * The actions without which nobody is notified, by function, and those that all of them are denied. Whether the roles
 * of members can be assumed hangs on the organization, which no simulation knows: the sweeps show it.
 */
export function neededActions(deployed: Deployed): readonly NeededAction[] {
  const { account, region, functions, name } = deployed;
  const secret = `arn:${partitionOf(deployed)}:secretsmanager:${region}:${account}:secret:any-AbCdEf`;
  const handlers = functions.map((each) => each.name.slice(name.length + 1));
  const allowed = NEEDED(deployed, secret).filter(({ handler }) => handlers.includes(handler));
  const denied = handlers.flatMap((handler) =>
    NEVER.map((action) => ({ handler, action, resource: secret })),
  );
  return [
    ...allowed.map((each) => ({ ...each, isDenied: false })),
    ...denied.map((each) => ({ ...each, isDenied: true })),
  ];
}

const NEEDED = (deployed: Deployed, secret: string): readonly Omit<NeededAction, 'isDenied'>[] => {
  const { account, region, tableName, topics } = deployed;
  const partition = partitionOf(deployed);
  const table = `arn:${partition}:dynamodb:${region}:${account}:table/${tableName}`;
  const looking = ['on-rotation-event', 'on-label-updated', 'sweep', 'check-secret'];
  return [
    ...looking.flatMap((handler) => [
      { handler, action: 'secretsmanager:DescribeSecret', resource: secret },
      { handler, action: 'dynamodb:PutItem', resource: table },
    ]),
    { handler: 'sweep', action: 'secretsmanager:ListSecrets', resource: '*' },
    ...Object.values(topics).map((resource) => ({ handler: 'deliver', action: 'sns:Publish', resource })),
  ];
};

const partitionOf = ({ functions }: Deployed): string => functions[0]?.arn.split(':')[1] ?? 'aws';

/** The actions that the role needs which a monitor looks with in a member, and those that it is denied. */
export function lookActions(roleArn: string, region: string): readonly Omit<NeededAction, 'handler'>[] {
  const [, partition = 'aws', , , account = ''] = roleArn.split(':');
  const secret = `arn:${partition}:secretsmanager:${region}:${account}:secret:any-AbCdEf`;
  return [
    { action: 'secretsmanager:ListSecrets', resource: '*', isDenied: false },
    { action: 'secretsmanager:DescribeSecret', resource: secret, isDenied: false },
    { action: 'secretsmanager:ListSecretVersionIds', resource: secret, isDenied: false },
    ...NEVER.map((action) => ({ action, resource: secret, isDenied: true })),
  ];
}

/** Diagnoses an action that a function or a role needs or may never have, by IAM's decision. */
export function identityDiagnosis(
  subject: string,
  { action, isDenied }: Omit<NeededAction, 'handler'>,
  simulated: SimulatedAction | undefined,
): Diagnosis {
  const remedy = 'Deploy the stack again, and look for a boundary or a service control policy.';
  if (simulated === undefined)
    return identity.unknown(
      subject,
      `Whether it may call ${action} could not be found out.`,
      'Allow iam:SimulatePrincipalPolicy.',
    );
  const { decision, missingKeys } = simulated;
  if (isDenied)
    return decision === 'denied-explicitly'
      ? identity.ok(subject, `It is denied ${action}.`)
      : identity.fail(subject, `It is not denied ${action}.`, remedy);
  if (decision === 'allowed') return identity.ok(subject, `It may call ${action}.`);
  return decision === 'not-allowed' && missingKeys.length > 0
    ? identity.unknown(
        subject,
        `Whether it may call ${action} hangs on ${missingKeys.join(', ')}.`,
        'Compare the policy with docs/permissions.md.',
      )
    : identity.fail(subject, `It may not call ${action}.`, remedy);
}

/** Services that use the key: EventBridge to fill queues, SNS to fill a queue, CloudWatch to publish alarms. */
const KEY_USERS = ['events.amazonaws.com', 'cloudwatch.amazonaws.com'] as const;

/**
 * Whether services may use the key of queues and topics: without it EventBridge loses events and alarms are not sent.
 */
export const keyDiagnoses = (
  keyId: string,
  policy: string | undefined,
  account: string,
): readonly Diagnosis[] =>
  KEY_USERS.flatMap((service) =>
    ['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => {
      const answers = {
        yes: keys.ok(keyId, `${service} may call ${action} with the key.`),
        no: keys.fail(
          keyId,
          `The policy of the key does not let ${service} call ${action}.`,
          'Deploy the stack again, or add the statement of the template.',
        ),
        unknown: keys.unknown(
          keyId,
          `Whether ${service} may call ${action} hangs on conditions that are not understood.`,
          'Compare the policy with that of the template.',
        ),
      };
      return answers[admission(policy, { service, action, sourceArn: undefined, account })];
    }),
  );
