import { DAY, instant, later } from '../../domain/instant.ts';
import { type PendingLife, stretches, without } from './pending-lives.ts';
import { type Find, type Found, fromStart, type Known, latest, ofLife } from './truth.ts';

/** Pending versions that nothing tries any more: a day past the due date and the last attempt. */
export const exhausted: Find = (known) => known.lives.flatMap((life) => exhaustedLife(life, known));

function exhaustedLife(life: PendingLife, { history, limits, eventsMayBeLost }: Known): readonly Found[] {
  const within = history.filter(({ at }) => at >= life.from && (life.until === undefined || at < life.until));
  const dueAt = within.at(-1)?.nextRotationAt;
  if (dueAt === undefined) return [];
  const triedAt = eventsMayBeLost ? life.createdAt : life.lastAttemptAt;
  const stuckAt = later(life.createdAt, limits.stuckAfterMs);
  return [ofLife(life, instant(Math.max(dueAt + DAY, triedAt + DAY, stuckAt)))];
}

/** Each due date that passed without a rotation, outside of the time in which a rotation is young. */
export const overdue: Find = ({ history, limits, young }) => {
  const dueDates = new Set(history.flatMap(({ nextRotationAt }) => nextRotationAt ?? []));
  return [...dueDates].flatMap((dueAt) =>
    stretches(history, (change) => change.nextRotationAt === dueAt && change.deletedAt === undefined)
      .map(({ from, until }) => ({ from: latest(from, dueAt), until }))
      .filter(({ from, until }) => until === undefined || from < until)
      .flatMap((stretch) => without(stretch, young))
      .map((stretch) => ({
        ...fromStart(stretch, undefined),
        tellableAt: latest(stretch.from, later(dueAt, limits.overdueGraceMs)),
        tellableWithoutEventsAt: latest(stretch.from, later(dueAt, limits.overdueGraceMs)),
      })),
  );
};
