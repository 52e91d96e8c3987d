import { HOUR, type Instant, later } from '../../../calendar/instant.ts';
import { isReplica, type Secret } from './secret.ts';
import { currentVersion } from './version-stage.ts';

/** A process that uses a secret and says which version: written by the process, read by the monitor. */
export interface ConsumerLease {
  /** The name the process gives itself. */
  readonly consumer: string;
  /** The process is taken for gone from then on. */
  readonly expiresAt: Instant;
  readonly confirmedVersionId: string;
  /** Time it began to use that version. */
  readonly confirmedAt: Instant;
}

/** Leases are read for so long after they should have confirmed the version in use. */
const LATELY_MS = HOUR;

/** The consumers that live and have confirmed nothing since the rotation, or not the version that it put in use. */
export function unconfirmed(
  leases: readonly ConsumerLease[],
  { versionStages, lastRotatedAt }: Pick<Secret, 'versionStages' | 'lastRotatedAt'>,
  now: Instant,
): readonly ConsumerLease[] {
  const current = currentVersion(versionStages);
  if (current === undefined || lastRotatedAt === undefined) return [];
  return leases.filter(
    ({ expiresAt, confirmedVersionId, confirmedAt }) =>
      expiresAt > now && confirmedVersionId !== current && confirmedAt < lastRotatedAt,
  );
}

/** Progress of a rotation among the live consumers at the end of their time to confirm. */
export interface Confirmations {
  readonly confirmed: number;
  /** From the end of the rotation until the last of them used its version. */
  readonly lastMs: number;
}

/** The consumers that live and use the version in use; undefined when there are none. */
export function confirmations(
  leases: readonly ConsumerLease[],
  { versionStages, lastRotatedAt }: Pick<Secret, 'versionStages' | 'lastRotatedAt'>,
  now: Instant,
): Confirmations | undefined {
  const current = currentVersion(versionStages);
  const live = leases.filter(
    ({ expiresAt, confirmedVersionId }) => expiresAt > now && confirmedVersionId === current,
  );
  if (live.length === 0 || lastRotatedAt === undefined) return undefined;
  // AWSCURRENT moves a moment before the rotation ends; and whoever writes a lease may write a time to come.
  const lastMs = Math.max(0, ...live.map(({ confirmedAt }) => Math.min(confirmedAt, now) - lastRotatedAt));
  return { confirmed: live.length, lastMs };
}

/** Whether the time to confirm was over between two sweeps, so that the later of them counts. */
export function isCountedBy(
  { lastRotatedAt }: Pick<Secret, 'lastRotatedAt'>,
  confirmAfterMs: number,
  { since, startedAt }: { readonly since: Instant | undefined; readonly startedAt: Instant },
): boolean {
  if (lastRotatedAt === undefined || since === undefined) return false;
  const dueAt = later(lastRotatedAt, confirmAfterMs);
  return dueAt >= since && dueAt < startedAt;
}

/** Whether the secret rotated lately, and so long ago that every consumer should have confirmed the version in use. */
export function awaitsConfirmation(
  secret: Secret,
  confirmAfterMs: number,
  { now, sweepIntervalMs }: { readonly now: Instant; readonly sweepIntervalMs: number },
): boolean {
  const { lastRotatedAt, deletedAt } = secret;
  if (lastRotatedAt === undefined || deletedAt !== undefined || isReplica(secret)) return false;
  const dueAt = later(lastRotatedAt, confirmAfterMs);
  return dueAt < now && now - dueAt <= LATELY_MS + sweepIntervalMs;
}
