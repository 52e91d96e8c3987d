import { formatInstant, type Instant, instant, later, MINUTE } from '../../../../calendar/instant.ts';
import { rulesOfText } from '../../history/schedule-text.ts';
import { intervalOf } from '../../secret/rotation-interval.ts';
import { type Figure, inferred, observed, unknown } from '../figure.ts';
import type { AuditedRotation, SecretAudit } from '../secret-audit.ts';
import type { AuditFrame, SecretFacts } from './facts.ts';
import type { LifeSpan } from './secret-life.ts';
import type { ClosedWindow } from './windows.ts';

/** Ages of the version in use, in milliseconds; undefined where nobody knows. */
export interface Ages {
  readonly currentMs: Figure;
  /** The oldest that any version in use is known to have become within the period. */
  readonly oldestMs: number | undefined;
  /** Whether that is known of the whole period, so that no older one can have gone unseen. */
  readonly isOldestWhole: boolean;
}

/** The moments at which versions were put in use. */
export interface Moments {
  readonly facts: SecretFacts;
  readonly completed: readonly Instant[];
  readonly replaced: readonly Instant[];
  readonly from: Instant;
  readonly at: Instant;
  /** Start of the history; undefined where none is kept. */
  readonly historySince: Instant | undefined;
}

/**
 * The ages of versions in use, by rotations, new values and the creation of the secret. Before history begins AWS shows
 * the last rotation alone: nothing is concluded from what may lie between it and the creation.
 */
export function agesOf(moments: Moments): Ages {
  const { facts, from, at, historySince } = moments;
  const { createdAt, lastRotatedAt } = facts.secret;
  const listed = [createdAt, lastRotatedAt, facts.currentMadeAt].filter((each) => each !== undefined);
  const all = [...moments.completed, ...moments.replaced, ...listed];
  const starts = [...new Set(all)].filter((each) => each < at).sort((a, b) => a - b);
  const last = starts.at(-1);
  if (last === undefined) {
    return {
      currentMs: unknown('AWS gave no date of its value.'),
      oldestMs: undefined,
      isOldestWhole: false,
    };
  }
  const known = historySince === undefined ? [last] : sinceKnown(starts, createdAt, historySince);
  const oldest = known.map((start, index) => {
    const end = known[index + 1] ?? at;
    return end > from ? end - start : 0;
  });
  const isKnown = historySince !== undefined && historySince <= last;
  if (!isKnown && !hasLook(facts, at) && listed.some((each) => each >= at)) {
    return { currentMs: unknown(AFTER_PERIOD), oldestMs: undefined, isOldestWhole: false };
  }
  const isOldestWhole = (known[0] ?? at) <= Math.max(from, createdAt ?? 0);
  return {
    currentMs: currentAge(moments, last, isKnown),
    oldestMs: Math.max(...oldest),
    isOldestWhole,
  };
}

/** A first look within the period has kept the last rotation before it, and all later ones are known. */
const hasLook = ({ sight }: SecretFacts, at: Instant): boolean =>
  sight !== undefined && sight.firstSeenAt <= at;

const AFTER_PERIOD = 'AWS shows the last rotation or new value alone, which came after the period.';

/** Dates of one call may differ by so much. */
const SAME_CALL_MS: number = 10 * MINUTE;

/** The age of the version in use, which began at the last moment that is known. */
function currentAge(
  { facts: { secret, currentMadeAt }, at }: Moments,
  last: Instant,
  isKnown: boolean,
): Figure {
  const { createdAt, lastChangedAt } = secret;
  const isUnchanged = lastChangedAt !== undefined && lastChangedAt <= later(last, SAME_CALL_MS);
  if (currentMadeAt !== undefined || isKnown || isUnchanged) return observed(at - last);
  const since = last === createdAt ? 'its creation' : 'its last rotation';
  return inferred(at - last, `No rotation or new value is known since ${since}.`);
}

/** The moments between which nothing can have gone unseen: without a creation that no history followed. */
function sinceKnown(
  starts: readonly Instant[],
  createdAt: Instant | undefined,
  historySince: Instant,
): readonly Instant[] {
  const isWhole = createdAt !== undefined && createdAt >= historySince;
  return isWhole || starts.length === 1 ? starts : starts.filter((each) => each !== createdAt);
}

/** All that the figures of a period are computed from. */
export interface FigureFacts {
  readonly facts: SecretFacts;
  readonly frame: AuditFrame;
  readonly rotations: readonly AuditedRotation[];
  /** The windows that closed within the period. */
  readonly windows: readonly ClosedWindow[];
  readonly ages: Ages;
  /** The state at the end of the period. */
  readonly last: LifeSpan['state'];
  readonly at: Instant;
  /** The end of the period, or the deletion of the secret before it: a credential that is gone is not exposed. */
  readonly exposedUntil: Instant;
  readonly isInPeriod: (moment: Instant | undefined) => boolean;
  /** Whether it was deleted at once while it may have rotated. */
  readonly endsUnseen: boolean;
}

type Figures = Pick<
  SecretAudit,
  | 'windowsDue'
  | 'rotationsCompleted'
  | 'windowsMissed'
  | 'failures'
  | 'longestRepairMs'
  | 'longestExposureMs'
  | 'currentAgeMs'
  | 'lastAccessedAt'
  | 'lastTestedAt'
  | 'windowsInBusinessHours'
  | 'slowerThanPolicy'
  | 'rotations'
>;

/** The figures of one secret, each with how it is known. */
export function figuresOf(given: FigureFacts): Figures {
  const { facts, frame, rotations, windows, isInPeriod, ages, last } = given;
  const inPeriod = rotations.filter(({ startedAt, endedAt, failures }) =>
    [startedAt, endedAt, ...failures.map(({ at }) => at)].some(isInPeriod),
  );
  const completed = inPeriod.filter(({ outcome, endedAt }) => outcome === 'succeeded' && isInPeriod(endedAt));
  const failures = inPeriod.flatMap((each) => each.failures).filter(({ at }) => isInPeriod(at));
  const repairs = rotations.flatMap(({ failures: [first], repairMs }) =>
    first !== undefined && repairMs !== undefined && isInPeriod(later(first.at, repairMs)) ? [repairMs] : [],
  );
  const count = counted(given, completed);
  const inHours = windows.filter(frame.isInBusinessHours);
  return {
    windowsDue: ofWindows(given, windows.length),
    rotationsCompleted: count(completed.length),
    windowsMissed: missedOf(given, windows),
    failures: count(failures.length),
    longestRepairMs: count(Math.max(0, ...repairs)),
    longestExposureMs: count(longestExposure(given, inPeriod)),
    currentAgeMs: ages.currentMs,
    lastAccessedAt: lastAccess(facts),
    lastTestedAt: lastTest(given),
    windowsInBusinessHours: ofWindows(given, inHours.length),
    slowerThanPolicy: slower(last, frame),
    rotations: inPeriod,
  };
}

const NO_HISTORY = 'No monitor keeps its history, and AWS shows the last rotation alone.';

/** The part of the period that the secret was there and no history of it was kept. */
function unwatchedBefore({ facts, frame: { historySince, period } }: FigureFacts): Instant | undefined {
  if (historySince === undefined) return undefined;
  const begins = Math.max(facts.secret.createdAt ?? 0, period.from);
  const first = instant(Math.max(historySince, 0));
  return begins < first ? first : undefined;
}

const beforeHistory = (first: Instant): string => `History begins at ${formatInstant(first)}.`;

/** Makes figures of counts of events: known no better than the least-known completion. */
function counted(given: FigureFacts, completed: readonly AuditedRotation[]): (value: number) => Figure {
  if (given.frame.historySince === undefined) return () => unknown(NO_HISTORY);
  const first = unwatchedBefore(given);
  if (first !== undefined) return (value) => inferred(value, beforeHistory(first));
  const lost = completed.filter(({ basis }) => basis === 'inferred').length;
  if (lost > 0) {
    return (value) =>
      inferred(value, `Of ${lost} completed ${lost === 1 ? 'rotation' : 'rotations'} no event arrived.`);
  }
  return given.endsUnseen ? (value) => inferred(value, DELETED_AT_ONCE) : observed;
}

const DELETED_AT_ONCE =
  'It was deleted at once while a rotation was due: one since the last sweep is known only if its event arrived.';

function ofWindows(given: FigureFacts, value: number): Figure {
  const { windows, frame, facts } = given;
  if (frame.historySince === undefined) {
    return facts.secret.rotationRules === undefined
      ? unknown(NO_HISTORY)
      : inferred(value, 'No monitor keeps its history: its schedule is taken to have been as it is now.');
  }
  const first = unwatchedBefore(given);
  if (first !== undefined) return inferred(value, beforeHistory(first));
  return windows.some(({ isInferred }) => isInferred)
    ? inferred(value, 'A change of its schedule was found by comparing sweeps.')
    : observed(value);
}

function missedOf(given: FigureFacts, windows: readonly ClosedWindow[]): Figure {
  if (given.frame.historySince === undefined) return unknown(NO_HISTORY);
  const missed = windows.filter(({ isMissed }) => isMissed).length;
  const figure = ofWindows(given, missed);
  return given.endsUnseen && figure.basis === 'observed' ? inferred(missed, DELETED_AT_ONCE) : figure;
}

/**
 * The longest stretch in which something was wrong with one rotation: from its first failure, or from the moment its
 * pending version was stuck, until it succeeded or a later rotation did, or the secret was deleted.
 */
function longestExposure(
  { frame, rotations, exposedUntil }: FigureFacts,
  inPeriod: readonly AuditedRotation[],
): number {
  const { period, stuckAfterMs } = frame;
  const ends = rotations.flatMap(({ outcome, endedAt }) => (outcome === 'succeeded' ? (endedAt ?? []) : []));
  const stretches = inPeriod.map(({ startedAt, failures }) => {
    const known = [failures[0]?.at, startedAt === undefined ? undefined : startedAt + stuckAfterMs];
    const from = Math.min(...known.filter((each) => each !== undefined));
    const begun = startedAt ?? failures[0]?.at ?? exposedUntil;
    const until = Math.min(ends.find((end) => end >= begun) ?? exposedUntil, exposedUntil);
    return until - Math.max(from, period.from);
  });
  return Math.max(0, ...stretches.filter(Number.isFinite));
}

function lastAccess({ secret }: SecretFacts): Figure<Instant> {
  const all = [secret, ...(secret.replicas ?? [])].flatMap(({ lastAccessedAt }) => lastAccessedAt ?? []);
  return { value: all.length === 0 ? undefined : instant(Math.max(...all)), basis: 'observed' };
}

function lastTest(given: FigureFacts): Figure<Instant> {
  const { facts, frame, at } = given;
  const last = facts.changes.findLast((entry) => entry.kind === 'rotation-tested' && entry.at < at);
  if (last !== undefined) return observed(last.at);
  if (frame.historySince === undefined) return unknown(NO_HISTORY);
  const isWhole = (facts.secret.createdAt ?? 0) >= frame.historySince;
  return unknown(
    isWhole ? 'It was never tested.' : `No test since history began at ${formatInstant(frame.historySince)}.`,
  );
}

function slower({ rotationOn, schedule }: LifeSpan['state'], { limits }: AuditFrame): Figure<boolean> {
  if (!rotationOn) return unknown('Rotation is off.');
  const intervalMs = intervalOf(schedule === undefined ? undefined : rulesOfText(schedule));
  return intervalMs === undefined
    ? unknown('It has no schedule that can be read.')
    : observed(intervalMs > limits.slowestScheduleMs);
}
