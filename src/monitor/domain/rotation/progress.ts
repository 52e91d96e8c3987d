import type { Instant } from '../../../calendar/instant.ts';
import type { Evidence } from './evidence.ts';
import { ROTATION_STEPS, type RotationStep } from './rotation-event.ts';

/**
 * The progress of a version, as far as any fact proves it. Nothing here goes back: facts that come late, twice or in
 * another order lead to the same record, and facts that are forgotten take nothing away.
 */
export interface VersionProgress {
  readonly versionId: string;
  /**
   * The furthest step that failed. It proves that the steps before it succeeded: the official functions fail at setSecret
   * on every retry once the target has the new password and refuses it.
   * https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas
   */
  readonly reached?: RotationStep | undefined;
  /** Number of known failures. */
  readonly failures: number;
  readonly firstFailedAt?: Instant | undefined;
  readonly lastFailedAt?: Instant | undefined;
  /** Time of the last known start of its rotation: an attempt that began after the last failure may have come further. */
  readonly lastStartedAt?: Instant | undefined;
  /** The first and the last failure after setSecret: the target may hold the new credential since. */
  readonly firstSplitAt?: Instant | undefined;
  readonly lastSplitAt?: Instant | undefined;
  /**
   * Time it failed at setSecret while AWSCURRENT had been changed outside a rotation: the target refused that value.
   */
  readonly refusedAt?: Instant | undefined;
  /** Time of the last known success of its rotation. */
  readonly succeededAt?: Instant | undefined;
  /** The last time it was found to have lost AWSPENDING without becoming AWSCURRENT. */
  readonly givenUp?: GivenUp | undefined;
  /** Time it was last found on AWSCURRENT, or on AWSPREVIOUS after it, although it had been given up. */
  readonly promotedAt?: Instant | undefined;
  /** Whether a failure named no step, so that nobody knows how far that attempt came. */
  readonly isUnclear?: boolean | undefined;
  /** Whether Secrets Manager refused the version because it does not come from the rotation function. */
  readonly notCreatedByFunction?: boolean | undefined;
  /** Whether somebody is known to have put a value into it. */
  readonly isFilled?: boolean | undefined;
}

/** The loss of AWSPENDING by a version that did not become AWSCURRENT. */
export interface GivenUp {
  readonly at: Instant;
  readonly kind: 'pending-vanished' | 'rotation-abandoned';
  /** Time it was first seen pending, where looks showed it: they may show its end late, even after the next success. */
  readonly pendingFrom?: Instant | undefined;
}

/** Whether the step comes after setSecret, so that the target may hold the new credential already. */
export const isAfterSet = (step: RotationStep | undefined): boolean =>
  orderOf(step) > ROTATION_STEPS.indexOf('setSecret');

/** Whether the step is one that touches the target, or comes after it. */
export const reachesTarget = (step: RotationStep | undefined): boolean =>
  orderOf(step) >= ROTATION_STEPS.indexOf('setSecret');

const orderOf = (step: RotationStep | undefined): number =>
  step === undefined ? -1 : ROTATION_STEPS.indexOf(step);

/** The remembered progress of versions, and the facts that are still known. */
export interface ProgressSource {
  readonly progress?: readonly VersionProgress[] | undefined;
  readonly evidence: readonly Evidence[];
}

/** Returns the progress of a version, from memory and from the facts. */
export function progressOf(versionId: string, source: ProgressSource): VersionProgress {
  const { progress = [], evidence } = source;
  const whole = recordsKnown(source);
  if (whole !== undefined) return whole.find((each) => each.versionId === versionId) ?? fresh(versionId);
  return progressBy(
    versionId,
    progress,
    evidence.filter((fact) => fact.versionId === versionId),
  );
}

/** Records of all versions by the facts, which never change: one judgement asks for them dozens of times. */
const known = new WeakMap<
  ProgressSource['evidence'],
  { readonly progress: ProgressSource['progress']; readonly records: readonly VersionProgress[] }
>();

const recordsKnown = ({ progress, evidence }: ProgressSource): readonly VersionProgress[] | undefined => {
  const found = known.get(evidence);
  return found?.progress === progress ? found?.records : undefined;
};

/** The records of all versions that are remembered or that the facts name, in order of their ids. */
export function allProgress(source: ProgressSource): readonly VersionProgress[] {
  const found = recordsKnown(source);
  if (found !== undefined) return found;
  const { progress, evidence } = source;
  const facts = new Map<string, Evidence[]>(progress?.map(({ versionId }) => [versionId, []]));
  for (const fact of evidence) {
    if (fact.versionId === undefined) continue;
    const ofVersion = facts.get(fact.versionId);
    if (ofVersion === undefined) facts.set(fact.versionId, [fact]);
    else ofVersion.push(fact);
  }
  const records = [...facts.keys()]
    .sort()
    .map((versionId) => progressBy(versionId, progress ?? [], facts.get(versionId) ?? []));
  known.set(evidence, { progress, records });
  return records;
}

/** Returns the progress of a version, from memory and from the facts about it. */
function progressBy(
  versionId: string,
  progress: readonly VersionProgress[],
  facts: readonly Evidence[],
): VersionProgress {
  const seen = facts.length === 0 ? fresh(versionId) : seenIn(versionId, facts);
  const remembered = progress.find((each) => each.versionId === versionId);
  return remembered === undefined ? seen : joined(remembered, seen);
}

/** Whether a record says more than that a rotation to the version began. */
export const isNotable = ({ failures, givenUp }: VersionProgress): boolean =>
  failures > 0 || givenUp !== undefined;

const fresh = (versionId: string): VersionProgress => ({ versionId, failures: 0 });

/** A record while facts are added to it. */
type Growing = { -readonly [Key in keyof VersionProgress]: VersionProgress[Key] };

/** The record that the facts alone make. It is written in one place: a judgement goes through dozens of facts. */
function seenIn(versionId: string, facts: readonly Evidence[]): VersionProgress {
  const seen: Growing = joined(fresh(versionId), fresh(versionId));
  for (const fact of facts) add(fact, seen);
  return seen;
}

function add(fact: Evidence, seen: Growing): void {
  const { at, kind } = fact;
  switch (kind) {
    case 'rotation-failed':
      addFailure(fact, seen);
      break;
    case 'rotation-started':
      seen.lastStartedAt = latest(seen.lastStartedAt, at);
      break;
    case 'rotation-succeeded':
      seen.succeededAt = latest(seen.succeededAt, at);
      break;
    case 'version-promoted':
      seen.promotedAt = latest(seen.promotedAt, at);
      break;
    case 'pending-vanished':
    case 'rotation-abandoned':
      if (at > (seen.givenUp?.at ?? 0)) seen.givenUp = { at, kind, ...pendingFromOf(fact) };
      break;
    case 'secret-changed':
      if (isStaging(fact)) seen.isFilled = true;
      break;
    default:
  }
}

function addFailure({ at, step, notCreatedByFunction }: Evidence, seen: Growing): void {
  seen.failures += 1;
  seen.reached = orderOf(step) > orderOf(seen.reached) ? step : seen.reached;
  seen.firstFailedAt = earlier(seen.firstFailedAt, at);
  seen.lastFailedAt = latest(seen.lastFailedAt, at);
  if (isAfterSet(step)) {
    seen.firstSplitAt = earlier(seen.firstSplitAt, at);
    seen.lastSplitAt = latest(seen.lastSplitAt, at);
  }
  if (step === undefined) seen.isUnclear = true;
  if (notCreatedByFunction === true) seen.notCreatedByFunction = true;
}

/** Whether a value was put into a version that stays out of use. */
const isStaging = ({ operation, makesCurrent }: Evidence): boolean =>
  operation === 'PutSecretValue' && makesCurrent !== true;

const pendingFromOf = ({ pendingFrom }: Evidence): Pick<GivenUp, 'pendingFrom'> =>
  pendingFrom === undefined ? {} : { pendingFrom };

/**
 * Whether another rotation succeeded after a version had been given up. None can while the version is pending, so that
 * each success since it was first seen so counts.
 */
export const isAfterEnd = (succeededAt: Instant, { at, pendingFrom = at }: GivenUp): boolean =>
  succeededAt > pendingFrom;

/** Joins two records of one version; the result is the same in whatever order they are joined. */
function joined(a: VersionProgress, b: VersionProgress): VersionProgress {
  return {
    versionId: a.versionId,
    reached: orderOf(b.reached) > orderOf(a.reached) ? b.reached : a.reached,
    failures: Math.max(a.failures, b.failures),
    firstFailedAt: earlier(a.firstFailedAt, b.firstFailedAt),
    lastFailedAt: latest(a.lastFailedAt, b.lastFailedAt),
    lastStartedAt: latest(a.lastStartedAt, b.lastStartedAt),
    firstSplitAt: earlier(a.firstSplitAt, b.firstSplitAt),
    lastSplitAt: latest(a.lastSplitAt, b.lastSplitAt),
    refusedAt: earlier(a.refusedAt, b.refusedAt),
    succeededAt: latest(a.succeededAt, b.succeededAt),
    givenUp: (b.givenUp?.at ?? 0) > (a.givenUp?.at ?? 0) ? b.givenUp : a.givenUp,
    promotedAt: latest(a.promotedAt, b.promotedAt),
    isUnclear: a.isUnclear ?? b.isUnclear,
    notCreatedByFunction: a.notCreatedByFunction ?? b.notCreatedByFunction,
    isFilled: a.isFilled ?? b.isFilled,
  };
}

/** The earlier of two instants that are known. */
export const earlier = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;

const latest = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;
