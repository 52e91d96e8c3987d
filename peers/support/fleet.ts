import { DAY, type Instant, instant, later } from '../../src/calendar/instant.ts';
import type { SeedSecret } from '../../src/simulator/secrets-manager/seed.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';

/** Past of a secret: how many days ago what happened. Nothing is in it that did not happen. */
interface Past {
  readonly name: string;
  readonly kind?: SeedSecret['kind'];
  readonly created: number;
  /** Creation of the version in use; the last rotation or the creation of the secret when not given. */
  readonly current?: number;
  readonly rotated?: number;
  /** The end of the next window; negative for one to come. */
  readonly next?: number;
  /** Day of the last read. */
  readonly read?: number;
  /** Creation of a version that is AWSPENDING alone. */
  readonly pending?: number;
  readonly deleted?: number;
  readonly more?: Partial<SeedSecret>;
}

const EVERY_30 = { function: 'rotate', schedule: 'rate(30 days)' };
const EVERY_YEAR = { function: 'rotate', schedule: 'rate(365 days)' };
const OFF = { ...EVERY_30, rotationEnabled: false };

/** A secret of every state that scanners and audits tell apart, each with tags but one. */
const FLEET: readonly Past[] = [
  { name: 'rotated', created: 400, rotated: 10, next: -20, read: 0, more: EVERY_30 },
  { name: 'rotated-by-rds', kind: 'managed', created: 400, rotated: 3, next: -4, read: 0 },
  { name: 'overdue', created: 400, rotated: 40, next: 9, read: 0, more: EVERY_30 },
  { name: 'overdue-for-long', created: 400, rotated: 150, next: 119, read: 0, more: EVERY_30 },
  { name: 'never-rotated', created: 150, next: 119, read: 0, more: EVERY_30 },
  { name: 'not-yet-rotated', created: 5, next: -25, read: 0, more: EVERY_30 },
  { name: 'stuck', created: 400, rotated: 32, next: 1, pending: 2, read: 0, more: EVERY_30 },
  { name: 'rotated-each-year', created: 900, rotated: 200, next: -165, read: 0, more: EVERY_YEAR },
  { name: 'switched-off', created: 400, rotated: 120, read: 0, more: OFF },
  { name: 'switched-off-new-value', created: 400, rotated: 120, current: 10, read: 0, more: OFF },
  { name: 'no-rotation', kind: 'none', created: 200, read: 0 },
  { name: 'no-rotation-new-value', kind: 'none', created: 200, current: 10, read: 0 },
  { name: 'no-rotation-new', kind: 'none', created: 5, read: 0 },
  { name: 'staged-by-hand', kind: 'none', created: 60, pending: 30, read: 0 },
  { name: 'of-another-service', kind: 'none', created: 60, read: 0, more: { owningService: 'appflow' } },
  { name: 'not-read-for-long', created: 400, rotated: 10, next: -20, read: 120, more: EVERY_30 },
  { name: 'never-read', created: 400, rotated: 10, next: -20, more: EVERY_30 },
  { name: 'never-read-new', created: 5, next: -25, more: EVERY_30 },
  { name: 'rotated-90-days-ago', created: 400, rotated: 90.5, next: -5, read: 0, more: EVERY_30 },
  { name: 'read-90-days-ago', created: 400, rotated: 10, next: -20, read: 90, more: EVERY_30 },
  { name: 'untagged', created: 60, rotated: 10, next: -20, read: 0, more: { ...EVERY_30, tags: {} } },
  { name: 'primary', created: 400, rotated: 10, next: -20, read: 0, more: { ...EVERY_30, replicas: [] } },
  { name: 'replica', kind: 'replica', created: 400, read: 0 },
  { name: 'without-value', kind: 'none', created: 60, more: { versions: [] } },
  { name: 'scheduled-for-deletion', kind: 'none', created: 400, deleted: 2 },
];

/** Names of the secrets of the fleet. */
export const FLEET_NAMES: readonly string[] = FLEET.map(({ name }) => name);

/** Puts the fleet into an account, its past counted from now. */
export function seedFleet({ secretsManager, clock }: Simulator): void {
  for (const past of FLEET) secretsManager.seed(seedOf(past, clock.now()));
}

function seedOf(past: Past, now: Instant): SeedSecret {
  const { name, kind = 'function', rotated, next, deleted, more } = past;
  const ago = (days: number): Instant => later(now, -days * DAY);
  return {
    name,
    kind,
    tags: { team: 'payments' },
    createdAt: ago(past.created),
    ...(rotated === undefined ? {} : { lastRotatedAt: ago(rotated) }),
    ...(next === undefined ? {} : { nextRotationAt: ago(next) }),
    ...(deleted === undefined ? {} : { deletedAt: ago(deleted) }),
    versions: versionsOf(past, ago),
    ...more,
  };
}

function versionsOf(past: Past, ago: (days: number) => Instant): NonNullable<SeedSecret['versions']> {
  const { created, rotated, current = rotated ?? created, read, pending } = past;
  const accessedOn = read === undefined ? {} : { accessedOn: instant(Math.floor(ago(read) / DAY) * DAY) };
  return [
    { stages: ['AWSCURRENT'], createdAt: ago(current), ...accessedOn },
    ...(pending === undefined ? [] : [{ stages: ['AWSPENDING'], createdAt: ago(pending) }]),
  ];
}
