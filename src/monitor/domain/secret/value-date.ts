import { type Instant, later } from '../../../calendar/instant.ts';
import type { Policy } from './policy.ts';
import { isReplica, type Secret } from './secret.ts';
import { currentVersion } from './version-stage.ts';

/** Creation date of the version in use, as AWS reported it once. */
export interface ValueDate {
  readonly versionId: string;
  readonly createdAt: Instant;
}

/** A secret, what is expected of it and what is known of its value. */
export interface Dated {
  readonly secret: Secret;
  readonly policy: Pick<Policy, 'expectEveryMs' | 'overdueGraceMs'>;
  readonly valueDate?: ValueDate | undefined;
}

/** Time by which a new value was expected, and the source of that time. */
export interface ExpectedChange {
  readonly dueAt: Instant;
  /** The age that a value may have. */
  readonly everyMs: number;
  readonly createdAt: Instant | undefined;
}

/** The date of the version in use; undefined where it is not known, or is of another version. */
const dateOf = ({ secret, valueDate }: Dated): Instant | undefined =>
  valueDate?.versionId === currentVersion(secret.versionStages) ? valueDate?.createdAt : undefined;

/**
 * Returns the change that is expected of a value, whoever rotates it. LastChangedDate moves with every change of the
 * secret, so that the value is at least as old: it may prove that the value is too old, and never that it is young.
 */
export function expectedChange(dated: Dated): ExpectedChange | undefined {
  const everyMs = dated.policy.expectEveryMs;
  const createdAt = dateOf(dated);
  const since = createdAt ?? dated.secret.lastChangedAt;
  return everyMs === undefined || since === undefined
    ? undefined
    : { dueAt: later(since, everyMs), everyMs, createdAt };
}

/** The last moment at which a value whose date is known is let be. */
export function valueLimit(dated: Dated): Instant | undefined {
  const expected = expectedChange(dated);
  return expected?.createdAt === undefined ? undefined : later(expected.dueAt, dated.policy.overdueGraceMs);
}

/** Whether the value is older than expected, by all that is known. */
export const isValueOld = (dated: Dated, now: Instant): boolean =>
  now > later(expectedChange(dated)?.dueAt ?? now, dated.policy.overdueGraceMs);

/** Whether the value may be older than expected, and only the date of its version can show it. */
export function isDateWanted(dated: Dated, now: Instant): boolean {
  const { secret, policy } = dated;
  if (policy.expectEveryMs === undefined || secret.deletedAt !== undefined || isReplica(secret)) return false;
  if (currentVersion(secret.versionStages) === undefined || dateOf(dated) !== undefined) return false;
  // No version is older than its secret.
  const isYoung = secret.createdAt !== undefined && now <= later(secret.createdAt, policy.expectEveryMs);
  return !isYoung && !isValueOld(dated, now);
}

/** Returns the creation date to remember after a look; `createdAt` by version id, as far as it was read. */
export function valueDateAfter(
  known: ValueDate | undefined,
  { secret, createdAt, policy }: Dated & { readonly createdAt: Readonly<Record<string, Instant>> },
): ValueDate | undefined {
  const versionId = currentVersion(secret.versionStages);
  if (versionId === undefined || policy.expectEveryMs === undefined) return undefined;
  const asked = createdAt[versionId];
  if (asked !== undefined) return { versionId, createdAt: asked };
  return known?.versionId === versionId ? known : undefined;
}
