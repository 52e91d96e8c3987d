import { DAY, HOUR, type Instant, instant, later } from '../../src/calendar/instant.ts';
import type { SeedSecret } from '../../src/simulator/secrets-manager/seed.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';

/**
 * The day that is counted begins here, at midnight UTC, as rotation windows of whole days do. It is in the past of
 * the machine's clock, by which the SDK decides that credentials of members have expired, so that it asks for them each
 * time.
 */
export const DAY_BEGINS: Instant = instant(Date.UTC(2025, 10, 4));

/** Every secret rotates this often, so that one in thirty rotates on the day that is counted. */
const ROTATES_EVERY_DAYS = 30;
/** One secret in so many has a version that has been stuck since before the day. */
const ONE_UNHEALTHY_IN = 100;
/** One rotation function serves this many secrets. */
const SECRETS_A_FUNCTION = 500;
/** Time that the stuck versions have been stuck when the day begins. */
const STUCK_FOR_MS: number = 5 * HOUR;

/** Fills the account: healthy secrets whose windows are spread over thirty days, and one in a hundred that is stuck. */
export function seedRotatingFleet({ secretsManager }: Simulator, secrets: number): void {
  for (let index = 0; index < secrets; index += SECRETS_A_FUNCTION) {
    secretsManager.functions.register({ name: functionOf(index, 'rotate'), behaviour: 'healthy' });
    secretsManager.functions.register({
      name: functionOf(index, 'broken'),
      behaviour: 'error',
      step: 'setSecret',
    });
  }
  secretsManager.seedMany(secrets, secretAt);
}

const functionOf = (index: number, what: 'rotate' | 'broken'): string =>
  `${what}-${Math.floor(index / SECRETS_A_FUNCTION)}`;

function secretAt(index: number): SeedSecret {
  const isStuck = index % ONE_UNHEALTHY_IN === 0;
  const windowCloses = later(DAY_BEGINS, (1 + (index % ROTATES_EVERY_DAYS)) * DAY);
  const lastRotatedAt = later(windowCloses, -(ROTATES_EVERY_DAYS + 0.5) * DAY);
  const current = { stages: ['AWSCURRENT'], createdAt: lastRotatedAt };
  const pending = {
    stages: ['AWSPENDING'],
    createdAt: later(DAY_BEGINS, -STUCK_FOR_MS),
    stepReached: 'setSecret' as const,
  };
  return {
    name: `prod/team-${index % 40}/service-${String(index).padStart(6, '0')}/database`,
    kind: 'function',
    function: functionOf(index, isStuck ? 'broken' : 'rotate'),
    schedule: ROTATES_EVERY_DAYS,
    description: 'Login of the service at its database',
    tags: { team: `team-${index % 40}`, environment: 'production' },
    createdAt: later(DAY_BEGINS, -400 * DAY),
    lastRotatedAt,
    nextRotationAt: windowCloses,
    versions: isStuck ? [pending, current] : [current],
  };
}
