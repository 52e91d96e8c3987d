import type { Advice } from '../finding/finding.ts';
import type { ReplicaSight } from '../secret/replica-sight.ts';
import type { Secret } from '../secret/secret.ts';
import { shellQuote } from '../shell-quote.ts';
import { describeSecret } from './commands.ts';
import type { Situation } from './situation.ts';

/**
 * What to do about replicas that are not in sync.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets_troubleshoot.html
 */
export function replicaAdvice({ facts: { secret, replicas = [] } }: Situation): readonly Advice[] {
  const failed = replicas.filter(({ status }) => status === 'Failed');
  const late = replicas.filter(({ status }) => status === 'InProgress');
  return [
    {
      text: 'Look at the status of each replica, and at what is under that name in its region.',
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
    text: 'Remove the cause that the status names: permissions on the KMS keys on both sides, a key that is disabled or gone, a region that is not enabled.',
    commands: [],
  },
  ...(failed.some(isNameTaken) ? [NAME_TAKEN] : []),
  { text: 'Then replicate again.', commands: failed.map((replica) => replicateAgain(secret, replica)) },
];

const awaiting = (late: readonly ReplicaSight[]): Advice => ({
  text: `Secrets Manager has not finished copying to ${late.map(({ region }) => region).join(', ')}: look at the AWS Health Dashboard there, and ask AWS Support if it lasts. Do not remove the replica while anything reads it: that deletes it.`,
  commands: [],
});

const isNameTaken = ({ message = '' }: ReplicaSight): boolean => /already exists/i.test(message);

const NAME_TAKEN: Advice = {
  text: 'If the name is taken there, find out whose that secret is before anything else: overwriting it deletes it.',
  commands: [],
};

const describeThere = ({ name }: Secret, region: string): string =>
  `aws secretsmanager describe-secret --secret-id ${shellQuote(name)} --region ${region}`;

function replicateAgain({ arn, region }: Secret, replica: ReplicaSight): string {
  const key = replica.kmsKeyId === undefined ? '' : `,KmsKeyId=${replica.kmsKeyId}`;
  const wanted = shellQuote(`Region=${replica.region}${key}`);
  return `aws secretsmanager replicate-secret-to-regions --secret-id ${shellQuote(arn)} --add-replica-regions ${wanted} --region ${region}`;
}
