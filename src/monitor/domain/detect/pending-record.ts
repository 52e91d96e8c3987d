import type { Instant } from '../../../calendar/instant.ts';
import type { Evidence } from '../rotation/evidence.ts';
import type { RotationStep } from '../rotation/rotation-event.ts';
import type { Facts, PendingVersion } from './detector.ts';

const AFTER_SET: readonly RotationStep[] = ['testSecret', 'finishSecret'];
const FROM_SET: readonly RotationStep[] = ['setSecret', ...AFTER_SET];

/** How long the pending version has been pending, in milliseconds. */
export const ageOf = (pending: PendingVersion, now: Instant): number => now - pending.since;

/** Whether a rotation is under way that is still within its threshold; such a rotation is never announced. */
export const isUnderWay = ({ pending, policy }: Facts, now: Instant): boolean =>
  pending !== undefined && ageOf(pending, now) <= policy.stuckAfterMs;

/**
 * The facts about the pending version, oldest first. One that names no version belongs to it if it came in its
 * lifetime: only one rotation of a secret runs at a time.
 */
export const recordOf = ({ pending, evidence }: Pick<Facts, 'pending' | 'evidence'>): readonly Evidence[] =>
  pending === undefined
    ? []
    : evidence.filter(({ versionId, at }) =>
        versionId === undefined ? at >= pending.since : versionId === pending.versionId,
      );

/** The failures of the pending version, oldest first. */
export const failuresOf = (facts: Pick<Facts, 'pending' | 'evidence'>): readonly Evidence[] =>
  recordOf(facts).filter(({ kind }) => kind === 'rotation-failed');

/** The step the pending version failed at last; undefined when no failure names one. */
export const recordedStep = (facts: Pick<Facts, 'pending' | 'evidence'>): RotationStep | undefined =>
  failuresOf(facts).findLast(({ step }) => step !== undefined)?.step;

/** Whether a step comes after setSecret, so that the target may hold the new credential already. */
export const isAfterSet = (step: RotationStep | undefined): boolean =>
  step !== undefined && AFTER_SET.includes(step);

/** Whether a step is one that touches the target, or comes after it. */
export const reachesTarget = (step: RotationStep | undefined): boolean =>
  step !== undefined && FROM_SET.includes(step);

/** Whether a failure shows that setSecret had begun for this version; unknown counts as not begun. */
export const setSecretBegun = (versionId: string, evidence: readonly Evidence[]): boolean =>
  evidence.some(
    (fact) => fact.kind === 'rotation-failed' && fact.versionId === versionId && reachesTarget(fact.step),
  );

/** Whether the last outcome recorded for the pending version is a success. */
export const isHealed = (facts: Pick<Facts, 'pending' | 'evidence'>): boolean =>
  recordOf(facts).findLast(({ kind }) => kind === 'rotation-failed' || kind === 'rotation-succeeded')
    ?.kind === 'rotation-succeeded';

/** Whether the target may hold only the pending credential, so that AWSCURRENT may be dead now. */
export const isSplit = (facts: Facts): boolean =>
  facts.policy.strategy !== 'alternating-users' && isAfterSet(recordedStep(facts));

/** The failure since which AWSCURRENT may be dead; undefined when it is known to be good, or not known to be in danger. */
export const firstSplit = (facts: Facts): Evidence | undefined =>
  isSplit(facts) ? failuresOf(facts).find(({ step }) => isAfterSet(step)) : undefined;

/** When the pending version was last seen being tried: its start counts. */
export const lastAttemptAt = (facts: Facts, pending: PendingVersion): Instant =>
  recordOf(facts)
    .filter(({ kind }) => kind === 'rotation-started' || kind === 'rotation-failed')
    .reduce((latest, { at }) => (at > latest ? at : latest), pending.since);
