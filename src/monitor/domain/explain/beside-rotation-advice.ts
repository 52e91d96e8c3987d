import type { Advice } from '../finding/finding.ts';
import type { ReplicaSight } from '../secret/replica-sight.ts';
import type { Secret } from '../secret/secret.ts';
import * as command from './commands.ts';
import { describeSecret } from './commands.ts';
import { PROOF } from './prove-and-finish.ts';
import type { Situation } from './situation.ts';

/**
 * Returns the advice about replicas that are not in sync.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets_troubleshoot.html
 */
export function replicaAdvice({ facts: { secret, replicas = [] } }: Situation): readonly Advice[] {
  const failed = replicas.filter(({ status }) => status === 'Failed');
  const late = replicas.filter(({ status }) => status === 'InProgress');
  return [
    {
      text: 'Check the status of each replica and what exists under that name in its region.',
      commands: [
        describeSecret(secret),
        ...[...failed, ...late].map(({ region }) => describeThere(secret, region)),
      ],
    },
    ...(failed.length === 0 ? [] : repairing(secret, failed)),
    ...(late.length === 0 ? [] : [awaiting(late)]),
  ];
}

const repairing = (secret: Secret, failed: readonly ReplicaSight[]): readonly Advice[] => [
  {
    text: 'Fix the cause in the status: permissions on the KMS keys on both sides, a disabled or deleted key, or a region that is not enabled.',
    commands: [],
  },
  ...(failed.some(isNameTaken) ? [NAME_TAKEN] : []),
  { text: 'Then replicate again.', commands: failed.map((replica) => replicateAgain(secret, replica)) },
];

const awaiting = (late: readonly ReplicaSight[]): Advice => ({
  text: `Secrets Manager has not finished copying to ${late.map(({ region }) => region).join(', ')}. Check the AWS Health Dashboard for that region, and ask AWS Support if it lasts. Do not remove the replica while anything reads it: that deletes it.`,
  commands: [],
});

const isNameTaken = ({ message = '' }: ReplicaSight): boolean => /already exists/i.test(message);

const NAME_TAKEN: Advice = {
  text: 'If the name is taken there, first find out who owns that secret: overwriting deletes it.',
  commands: [],
};

const describeThere = ({ name }: Secret, region: string): string => command.describeNamed(name, region);

function replicateAgain(secret: Secret, replica: ReplicaSight): string {
  const key = replica.kmsKeyId === undefined ? '' : `,KmsKeyId=${replica.kmsKeyId}`;
  return command.replicateTo(secret, `Region=${replica.region}${key}`);
}

/** Returns the advice about consumers that ask for AWSPREVIOUS. */
export const previousVersionAdvice = ({ facts: { secret } }: Situation): readonly Advice[] => [
  {
    text: 'Find out which version was requested on which day.',
    commands: [command.listVersions(secret)],
  },
  {
    text: 'Find out who requested it: CloudTrail shows each request with its caller and the version or stage it named.',
    commands: [command.lookUpCalls(secret)],
  },
  {
    text: 'Before the next rotation, change it to request no version and no stage, which returns AWSCURRENT.',
    commands: [],
  },
];

/** Returns the advice about consumers that have not confirmed a new version. */
export const unconfirmedAdvice = ({ facts: { secret } }: Situation): readonly Advice[] => [
  {
    text: 'Make the consumers named above read the secret again; restart them if they do not.',
    commands: [],
  },
  {
    text: 'Check that the events for applications reach them and that they hold the version in use.',
    commands: [command.describeSecret(secret)],
  },
];

/**
 * Returns the advice about a value that was changed outside a rotation: check whether it works, and rotate if it does
 * not. The official functions log in with AWSCURRENT, then with AWSPREVIOUS, which is the version before after one
 * change.
 * https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas
 */
export const changedAdvice = ({ facts: { secret, pending } }: Situation): readonly Advice[] => [
  {
    text: `Check one log-in: ${PROOF}. If it works, the target accepts this value: acknowledge this alert, which closes it.`,
    commands: [],
  },
  pending === undefined
    ? {
        text: 'If it fails, rotate now: this changes the password at the target at once. The official functions recover through AWSPREVIOUS if the value was changed once. If the rotation fails at setSecret, an administrator must reset the password at the target.',
        commands: [command.rotateSecret(secret)],
      }
    : {
        text: 'If it fails, wait for the rotation in progress to end: it changes the password. If it fails at setSecret, an administrator must reset the password at the target.',
        commands: [],
      },
  {
    text: 'Find out who changed the value. If that is intended, add the caller to the setting expected-writers; if not, keep the value out of templates and pipelines.',
    commands: [command.lookUpCalls(secret)],
  },
];
