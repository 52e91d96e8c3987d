import { DAY, type Instant, instant, later } from '../../domain/instant.ts';
import type { StageChange } from '../secrets-manager/secret-history.ts';
import { type PendingLife, stretches, within, without } from './pending-lives.ts';
import { type Find, type Found, fromStart, type Known, latest, ofLife } from './truth.ts';

/** Pending versions that nothing tries any more: a day past the due date and the last attempt, until it is put off. */
export const exhausted: Find = (known) => known.lives.flatMap((life) => exhaustedLife(life, known));

function exhaustedLife(life: PendingLife, { history, limits, eventsMayBeLost }: Known): readonly Found[] {
  const triedAt = eventsMayBeLost ? life.createdAt : life.lastAttemptAt;
  const stuckAt = later(life.createdAt, limits.stuckAfterMs);
  return dueDatesOf(history).flatMap((dueAt) =>
    stretches(history, ({ nextRotationAt }) => nextRotationAt === dueAt)
      .flatMap((stretch) => within(stretch, life))
      .map(({ from, until }) => ({
        ...ofLife(life, instant(Math.max(from, dueAt + DAY, triedAt + DAY, stuckAt))),
        until,
      })),
  );
}

/** Every due date that the secret ever had. */
const dueDatesOf = (history: readonly StageChange[]): readonly Instant[] => [
  ...new Set(history.flatMap(({ nextRotationAt }) => nextRotationAt ?? [])),
];

/** Each due date that passed without a rotation, outside of the time in which a rotation is young. */
export const overdue: Find = ({ history, limits, young }) => {
  return dueDatesOf(history).flatMap((dueAt) =>
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
