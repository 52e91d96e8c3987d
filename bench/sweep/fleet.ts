import { DAY, HOUR, type Instant, instant, later } from '../../src/calendar/instant.ts';
import type { SeedSecret } from '../../src/simulator/secrets-manager/seed.ts';

/** Number of secrets, and of suspects among them: a pending version stuck apart from the current one. */
export interface FleetSize {
  readonly secrets: number;
  readonly suspects: number;
}

/** Time of the fleet's first sweep. */
export const START: Instant = instant(Date.UTC(2026, 10, 21, 10));

/** One rotation function serves this many secrets. */
const SECRETS_A_FUNCTION = 500;

/** Makes the secrets of a fleet by their index, the suspects spread evenly. */
export function fleet({ secrets, suspects }: FleetSize): (index: number) => SeedSecret {
  const every = suspects === 0 ? Number.POSITIVE_INFINITY : Math.floor(secrets / suspects);
  return (index) => ({
    ...common(index),
    versions: index % every === 0 && index < every * suspects ? STUCK : ROTATED,
  });
}

const LAST_ROTATED_AT = later(START, -21 * DAY);

/**
 * Versions as AWS leaves a rotated secret: a successful rotation may keep AWSPENDING on the version that became
 * current.
 */
const ROTATED: NonNullable<SeedSecret['versions']> = [
  { stages: ['AWSCURRENT', 'AWSPENDING'], createdAt: LAST_ROTATED_AT },
  { stages: ['AWSPREVIOUS'], createdAt: later(LAST_ROTATED_AT, -30 * DAY) },
];

const STUCK: NonNullable<SeedSecret['versions']> = [
  { stages: ['AWSPENDING'], createdAt: later(START, -3 * HOUR), stepReached: 'setSecret' },
  { stages: ['AWSCURRENT'], createdAt: LAST_ROTATED_AT },
];

const common = (index: number): SeedSecret => ({
  name: `prod/team-${index % 40}/service-${String(index).padStart(6, '0')}/database`,
  kind: 'function',
  function: `arn:aws:lambda:eu-west-1:111122223333:function:rotate-${Math.floor(index / SECRETS_A_FUNCTION)}`,
  schedule: 'rate(30 days)',
  description: 'Login of the service at its database',
  tags: { team: `team-${index % 40}`, environment: 'production' },
  createdAt: later(LAST_ROTATED_AT, -300 * DAY),
  lastRotatedAt: LAST_ROTATED_AT,
  nextRotationAt: later(START, 9 * DAY),
});
