import { type Instant, instant } from '../../../calendar/instant.ts';
import { type Evidence, isNameless } from '../rotation/evidence.ts';
import { isAfterSet, progressOf, reachesTarget, type VersionProgress } from '../rotation/progress.ts';
import type { RotationStep } from '../rotation/rotation-event.ts';
import type { Facts, PendingVersion } from './detector.ts';

/** The facts from which the pending version's record is made. */
type Known = Pick<Facts, 'pending' | 'evidence' | 'progress'>;

/** Returns the time that the pending version has been pending, in milliseconds. */
export const ageOf = (pending: PendingVersion, now: Instant): number => now - pending.since;

/** Whether a rotation is under way that is still within its threshold; such a rotation is never announced. */
export const isUnderWay = ({ pending, policy }: Facts, now: Instant): boolean =>
  pending !== undefined && ageOf(pending, now) <= policy.stuckAfterMs;

/**
 * The facts about the pending version, oldest first. One that names no version belongs to it if it came in its
 * lifetime: only one rotation of a secret runs at a time.
 */
export const recordOf = ({ pending, evidence }: Known): readonly Evidence[] =>
  pending === undefined
    ? []
    : evidence.filter(({ versionId, at }) =>
        versionId === undefined ? at >= pending.since : versionId === pending.versionId,
      );

/** The failures of the pending version that are still known one by one, oldest first. */
const failuresOf = (facts: Known): readonly Evidence[] =>
  recordOf(facts).filter(({ kind }) => kind === 'rotation-failed');

/** Results for facts, which never change: one judgement asks for the same progress dozens of times. */
const known = new WeakMap<Known, VersionProgress>();

/** Returns the progress of the pending version; undefined while none is pending. */
export function pendingProgress(facts: Known): VersionProgress | undefined {
  const versionId = facts.pending?.versionId;
  if (versionId === undefined) return undefined;
  const progress = known.get(facts) ?? madeProgress(versionId, facts);
  known.set(facts, progress);
  return progress;
}

function madeProgress(versionId: string, facts: Known): VersionProgress {
  // A change that names no version says nothing about this one, such as that it has a value.
  const own = recordOf(facts).filter((fact) => fact.versionId !== undefined || isNameless(fact));
  const evidence = own.map((fact) => ({ ...fact, versionId }));
  return progressOf(versionId, { progress: facts.progress, evidence });
}

/**
 * Returns the time from which the pending version has been failing: a failure before there was the version, as by the
 * quota of labels, was followed by another attempt. Undefined when none is known. A look may come without the date of
 * creation; then a failure that names a step proves that there was the version, and one that names none does not.
 */
export function failingSince(facts: Known): Instant | undefined {
  const { firstFailedAt, reached } = pendingProgress(facts) ?? {};
  const { pending } = facts;
  if (firstFailedAt === undefined || pending === undefined) return firstFailedAt;
  const hasExisted = pending.sinceFrom !== 'created' && reached !== undefined;
  return hasExisted || firstFailedAt > pending.since ? firstFailedAt : pending.since;
}

/** The step the pending version failed at last; undefined when no failure names one. */
export const recordedStep = (facts: Known): RotationStep | undefined =>
  failuresOf(facts).findLast(({ step }) => step !== undefined)?.step ?? pendingProgress(facts)?.reached;

/** Returns the place of the failure: one step, or a step after it had been further. Undefined when no step is known. */
export function failedWhere(facts: Known): string | undefined {
  const [last, furthest] = [recordedStep(facts), pendingProgress(facts)?.reached];
  if (last === undefined) return undefined;
  return last === furthest ? `at ${last}` : `last failed at ${last} after it had reached ${furthest}`;
}

/** Whether setSecret is known to have begun for a version; unknown counts as not begun. */
export const setSecretBegun = (versionId: string, facts: Pick<Facts, 'evidence' | 'progress'>): boolean =>
  reachesTarget(progressOf(versionId, facts).reached);

/** Whether the last outcome known of the pending version is a success. */
export const isHealed = (facts: Known): boolean => isProven(pendingProgress(facts), 'lastFailedAt');

/** Whether the target may hold only the pending credential, so that AWSCURRENT may be dead now. */
export const isSplit = (facts: Facts): boolean => splits(pendingProgress(facts), facts);

/** The same for a version that need not be pending any longer. */
export const isSplitBy = (versionId: string, facts: Facts): boolean =>
  splits(progressOf(versionId, facts), facts);

/**
 * Returns the time at which AWSCURRENT may have stopped working; undefined when it is known to be good, or not known to
 * be in danger.
 */
export function splitSince(facts: Facts): Instant | undefined {
  const progress = pendingProgress(facts);
  return isSplit(facts) ? (progress?.firstSplitAt ?? progress?.refusedAt) : undefined;
}

function splits(progress: VersionProgress | undefined, { policy }: Facts): boolean {
  if (policy.strategy === 'alternating-users') return false;
  if (isAfterSet(progress?.reached)) return !isProven(progress, 'lastSplitAt');
  return progress?.refusedAt !== undefined && !isProven(progress, 'lastFailedAt');
}

/** Whether the rotation to the version succeeded after a failure. */
const isProven = (progress: VersionProgress | undefined, failure: 'lastFailedAt' | 'lastSplitAt'): boolean =>
  (progress?.succeededAt ?? -1) >= (progress?.[failure] ?? 0);

/** Returns the time of the last known attempt to rotate to the pending version: its start counts. */
export function lastAttemptAt(facts: Facts, pending: PendingVersion): Instant {
  const { lastStartedAt = pending.since, lastFailedAt = pending.since } = pendingProgress(facts) ?? {};
  return instant(Math.max(pending.since, lastStartedAt, lastFailedAt));
}
