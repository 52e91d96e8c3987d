import { type Instant, later, SECOND } from '../../src/calendar/instant.ts';
import type { StageChange } from '../../src/simulator/secrets-manager/store/secret-history.ts';
import type { PlayedQuarter } from './play-quarter.ts';

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
export function truthOf({ simulator, from, to }: PlayedQuarter, arn: string): SecretTruth {
  const history = simulator.secretsManager.history(arn);
  const isIn = (at: Instant): boolean => at >= from && at < to;
  const ends = endsOf(history);
  const failures = history.filter(({ failure, cause }) => failure !== undefined && cause === 'rotation');
  const windows = windowsOf(history, to).filter(({ closesAt }) => isIn(closesAt));
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

/**
 * Each NextRotationDate that was ever shown is the end of a window. It was due when it came while rotation was on, whether
 * a rotation within the window had replaced it by then or not; one that was replaced before its window opened was not.
 */
function windowsOf(history: readonly StageChange[], to: Instant): readonly TrueWindow[] {
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
