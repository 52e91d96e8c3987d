import { type Instant, later, SECOND } from '../../src/calendar/instant.ts';
import { parseRotationSchedule } from '../../src/calendar/rotation-schedule.ts';
import type { StageChange } from '../../src/simulator/secrets-manager/store/secret-history.ts';
import type { PlayedQuarter, SetSchedule } from './play-quarter.ts';

/** The truth about one secret in a quarter, as the simulator knows it. */
export interface SecretTruth {
  readonly completed: number;
  readonly failures: number;
  /** Windows that closed while rotation was on. */
  readonly due: number;
  /** Due windows without a rotation. */
  readonly missed: number;
  /** From the first failure of a rotation to its success, in milliseconds. */
  readonly longestRepairMs: number;
}

/** Reads the truth about a secret out of its history, which shares nothing with the monitor. */
export function truthOf({ simulator, schedules, from, to }: PlayedQuarter, arn: string): SecretTruth {
  const history = simulator.secretsManager.history(arn);
  const isIn = (at: Instant): boolean => at >= from && at < to;
  const ends = endsOf(history);
  const failures = history.filter(({ failure, cause }) => failure !== undefined && cause === 'rotation');
  const course = { history, schedules: schedules.get(arn) ?? [], to };
  const windows = windowsOf(course).filter(({ closesAt }) => isIn(closesAt));
  const repairs = ends.filter(isIn).flatMap((end, index, all) => {
    const since = ends[ends.indexOf(end) - 1] ?? all[index - 1] ?? 0;
    const first = failures.find(({ at }) => at > since && at <= end)?.at;
    return first === undefined ? [] : [end - first];
  });
  return {
    completed: ends.filter(isIn).length,
    failures: failures.filter(({ at }) => isIn(at)).length,
    due: windows.length,
    missed: windows.filter(({ isMissed }) => isMissed).length,
    longestRepairMs: Math.max(0, ...repairs),
  };
}

interface TrueWindow {
  readonly closesAt: Instant;
  readonly isMissed: boolean;
}

/** The moments at which a rotation was completed. */
const endsOf = (history: readonly StageChange[]): readonly Instant[] =>
  history.flatMap((change, index) => {
    const before = history[index - 1]?.lastRotatedAt;
    return index > 0 && change.lastRotatedAt !== undefined && change.lastRotatedAt !== before
      ? [change.lastRotatedAt]
      : [];
  });

/** The ground truth that windows follow from. */
interface Course {
  readonly history: readonly StageChange[];
  /** In order. */
  readonly schedules: readonly SetSchedule[];
  readonly to: Instant;
}

/** The windows that were shown as NextRotationDate, and those that came while a missed one was still shown. */
function windowsOf(course: Course): readonly TrueWindow[] {
  const shown = shownWindows(course);
  const unseen = shown.filter(({ isMissed }) => isMissed).flatMap((missed) => windowsBehind(missed, course));
  const all = [...unseen, ...shown].map((each) => [each.closesAt, each] as const);
  return [...new Map(all).values()];
}

/**
 * Each NextRotationDate that was ever shown is the end of a window. It was due when it came while rotation was on, whether
 * a rotation within the window had replaced it by then or not; one that was replaced before its window opened was not.
 */
function shownWindows({ history, to }: Course): readonly TrueWindow[] {
  const ends = endsOf(history);
  return [...new Set(history.flatMap(({ nextRotationAt }) => nextRotationAt ?? []))].flatMap(
    (closesAt): readonly TrueWindow[] => {
      if (closesAt >= to) return [];
      const last = history.findLast(({ nextRotationAt }) => nextRotationAt === closesAt);
      const next = last === undefined ? undefined : history[history.indexOf(last) + 1];
      const then = history.findLast(({ at }) => at <= closesAt);
      if (then === undefined || then.deletedAt !== undefined || then.rotationEnabled !== true) return [];
      const isReplaced = next !== undefined && next.at <= later(closesAt, SECOND);
      if (!isReplaced) return [{ closesAt, isMissed: true }];
      const isDone = ends.some((end) => end === next.lastRotatedAt && end <= later(closesAt, SECOND));
      const opensAt = Math.floor(closesAt / (24 * 3600 * SECOND)) * 24 * 3600 * SECOND;
      return isDone && next.at >= opensAt ? [{ closesAt, isMissed: false }] : [];
    },
  );
}

/** AWS shows a missed window until the next success; the schedule goes on in the meantime. */
function windowsBehind({ closesAt }: TrueWindow, { history, schedules, to }: Course): readonly TrueWindow[] {
  const set = schedules.findLast(({ at }) => at <= closesAt);
  const schedule =
    set &&
    parseRotationSchedule({
      scheduleExpression: set.expression,
      automaticallyAfterDays: undefined,
      duration: undefined,
    });
  const before = history.findLast(({ at }) => at <= closesAt);
  if (schedule === undefined || 'fault' in schedule || before === undefined) return [];
  const change = history.find(
    ({ at, ...then }) =>
      at > closesAt &&
      (then.lastRotatedAt !== before.lastRotatedAt ||
        then.rotationEnabled !== true ||
        then.deletedAt !== undefined),
  );
  const isSuccess = change !== undefined && change.lastRotatedAt !== before.lastRotatedAt;
  const reset = schedules.find(({ at }) => at > closesAt)?.at ?? to;
  const end = Math.min(change?.at ?? to, reset, to);
  const found: TrueWindow[] = [];
  for (let window = schedule.next(closesAt); window.opensAt < end; window = schedule.next(window.closesAt)) {
    if (window.closesAt < end) found.push({ closesAt: window.closesAt, isMissed: true });
    else if (isSuccess && change.at === end && window.closesAt < to)
      found.push({ closesAt: window.closesAt, isMissed: false });
  }
  return found;
}
