import type { Advice } from '../finding/finding.ts';
import type { Secret } from '../secret/secret.ts';
import * as command from './commands.ts';
import { NOW } from './prove-and-finish.ts';
import { freeLabel } from './rescue-label.ts';
import type { Situation } from './situation.ts';

/**
 * Returns the advice about a secret that Secrets Manager rotates itself: there is no function log to read, and its
 * labels belong to the owning service.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_managed.html
 */
export function managedAdvice({ facts: { secret, pending } }: Situation): readonly Advice[] {
  const owner = secret.owningService ?? secret.externalType ?? 'the owning service';
  const first = pending === undefined ? freeLabel(secret) : [];
  return [
    ...first,
    {
      text: `The rotation is managed by ${owner}: leave ${first.length === 0 ? 'the' : 'its own'} labels alone. Check that the service may use the secret's KMS key and is not denied by its resource policy.`,
      commands: [command.describeSecret(secret)],
    },
    ...(secret.owningService === 'rds' ? rdsAdvice(secret) : [elsewhere(owner)]),
  ];
}

/**
 * Returns the advice about a managed rotation that somebody switched off: nothing is broken, so its causes are not
 * looked for.
 */
export function managedOffAdvice(situation: Situation): readonly Advice[] {
  const { secret, pending } = situation.facts;
  const every = secret.rotationRules ?? WEEKLY;
  return [
    {
      text: 'Find out who switched rotation off and why. If that was on purpose, acknowledge the alert.',
      commands: [command.lookUpCalls(secret)],
    },
    ...(pending === undefined ? [] : managedAdvice(situation)),
    {
      text: `${pending === undefined ? 'If it was not' : 'Once no version but AWSCURRENT carries AWSPENDING'}, switch it on again. It rotates at once, and ${NOW}.`,
      commands: [command.scheduleManaged(secret, every, [])],
    },
    {
      text: 'To wait for the next rotation window instead, use this command.',
      commands: [command.scheduleManaged(secret, every, ['--no-rotate-immediately'])],
    },
  ];
}

/**
 * The rotation schedule that Amazon RDS starts with.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
 */
const WEEKLY = { automaticallyAfterDays: 7 };

const rdsAdvice = (secret: Secret): readonly Advice[] => [
  {
    text: 'Find the database and the status of its secret in RDS: "impaired" means that RDS cannot rotate it.',
    commands: command.findDatabase(secret),
  },
  {
    text: `Once the cause is fixed, let RDS rotate: ${NOW}. The first command is for an instance, the second for a cluster; the wrong one is refused.`,
    commands: command.rotateDatabase(secret),
  },
];

const elsewhere = (owner: string): Advice => ({
  text: `Check the health of ${owner} and of the resource that the secret belongs to, then start the rotation there.`,
  commands: [],
});
