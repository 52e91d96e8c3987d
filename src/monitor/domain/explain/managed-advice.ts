import type { Advice } from '../finding/finding.ts';
import type { Secret } from '../secret/secret.ts';
import * as command from './commands.ts';
import type { Situation } from './situation.ts';

/**
 * What to do about a secret that Secrets Manager rotates itself: there is no function log to read, and its labels
 * belong to the owning service. https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_managed.html
 */
export function managedAdvice({ facts: { secret } }: Situation): readonly Advice[] {
  const owner = secret.owningService ?? secret.externalType ?? 'the owning service';
  return [
    {
      text: `The rotation is managed by ${owner}: leave the labels alone. Check that the service may use the secret's KMS key and is not denied by its resource policy.`,
      commands: [command.describeSecret(secret)],
    },
    ...(secret.owningService === 'rds' ? rdsAdvice(secret) : [elsewhere(owner)]),
  ];
}

const rdsAdvice = (secret: Secret): readonly Advice[] => [
  {
    text: 'Find the database and how RDS sees the secret ("impaired" means that RDS cannot rotate it).',
    commands: command.findDatabase(secret),
  },
  {
    text: 'Once the cause is fixed, let RDS rotate: "aws rds modify-db-instance --db-instance-identifier … --rotate-master-user-password --apply-immediately" (modify-db-cluster for a cluster).',
    commands: [],
  },
];

const elsewhere = (owner: string): Advice => ({
  text: `Look at the health of ${owner} and of the resource the secret belongs to, and start the rotation there.`,
  commands: [],
});
