import { DAY, type Instant, instant, later } from '../../../calendar/instant.ts';
import { parseRotationSchedule } from '../../../calendar/rotation-schedule.ts';
import type { StageChange } from '../../../simulator/secrets-manager/store/secret-history.ts';
import type { ScenarioSecret } from '../../scenario/scenario.ts';
import { stretches } from './pending-lives.ts';

/** Something that was wrong and that neither versions nor dates of the list show. */
interface Trouble {
  readonly versionId: undefined;
  readonly since: Instant;
  readonly tellableAt: Instant;
  readonly tellableWithoutEventsAt: Instant;
  readonly until: Instant | undefined;
  readonly checkedEveryMs?: number;
}

/** Interval of the monitor's checks for facts that no list and no event shows. */
const CHECKED_EVERY_MS = DAY;

/** Rotations that come more often than this are over before anybody could look into them. */
const SHORTEST_INTERVAL_MS: number = 7 * DAY;
/** So long after the day of the last request nobody seems to ask for AWSPREVIOUS any longer. */
const QUIET_AFTER_MS: number = 8 * DAY;

/** Replicas that could not be made, or took longer than they may. */
export const replicaTroubles = (
  history: readonly StageChange[],
  replicationAfterMs: number,
): readonly Trouble[] =>
  stretches(history, (change) => change.deletedAt === undefined && change.replicas.some(isBehind)).map(
    (stretch) => {
      const failed = history.find(
        ({ at, replicas }) =>
          at >= stretch.from &&
          (stretch.until === undefined || at < stretch.until) &&
          replicas.some(({ status }) => status === 'Failed'),
      );
      const longAt = later(stretch.from, replicationAfterMs);
      return {
        versionId: undefined,
        since: stretch.from,
        tellableAt: instant(Math.min(failed?.at ?? longAt, longAt)),
        tellableWithoutEventsAt: later(longAt, CHECKED_EVERY_MS),
        until: stretch.until,
      };
    },
  );

const isBehind = ({ status }: StageChange['replicas'][number]): boolean => status !== 'InSync';

/** Requests for AWSPREVIOUS on a later day than the rotation, each until nobody has asked for a while. */
export function lateReads(history: readonly StageChange[], secret: ScenarioSecret): readonly Trouble[] {
  if (!isSlow(secret)) return [];
  const found: Trouble[] = [];
  for (const { from, until } of stretches(history, isLate)) {
    for (const read of history.filter(({ at }) => at >= from && (until === undefined || at < until))) {
      const quietAt = later(read.previousReadOn ?? read.at, QUIET_AFTER_MS);
      const endsAt = until === undefined || until > quietAt ? quietAt : until;
      const last = found.at(-1);
      if (last?.until !== undefined && read.at < last.until) found.splice(-1, 1, { ...last, until: endsAt });
      else found.push(lateRead(read.at, endsAt));
    }
  }
  return found;
}

const lateRead = (at: Instant, until: Instant): Trouble => ({
  versionId: undefined,
  since: at,
  tellableAt: at,
  tellableWithoutEventsAt: at,
  until,
  checkedEveryMs: CHECKED_EVERY_MS,
});

const isLate = ({ previousReadOn, lastRotatedAt, deletedAt }: StageChange): boolean =>
  deletedAt === undefined &&
  previousReadOn !== undefined &&
  lastRotatedAt !== undefined &&
  previousReadOn > lastRotatedAt;

function isSlow({ schedule, duration }: ScenarioSecret): boolean {
  const rules = { automaticallyAfterDays: undefined, scheduleExpression: schedule, duration };
  const read = parseRotationSchedule(rules);
  if ('fault' in read) return false;
  const { opensAt } = read.next(instant(0));
  return read.next(opensAt).opensAt - opensAt >= SHORTEST_INTERVAL_MS;
}
