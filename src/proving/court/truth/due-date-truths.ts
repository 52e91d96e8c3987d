import { DAY, type Instant, instant, later } from '../../../calendar/instant.ts';
import type { StageChange } from '../../../simulator/secrets-manager/store/secret-history.ts';
import { type Stretch, within, without } from './pending-lives.ts';
import { type Find, fromStart, latest, ofLife } from './truth.ts';

/** Pending versions that nothing tries any more: a day past the due date and the last attempt, until it is put off. */
export const exhausted: Find = ({ lives, history, limits, eventsMayBeLost }) => {
  const dueDates = dueDatesOf(history);
  return lives.flatMap((life) => {
    const triedAt = eventsMayBeLost ? life.createdAt : life.lastAttemptAt;
    const earliestAt = Math.max(triedAt + DAY, later(life.createdAt, limits.stuckAfterMs));
    // Most rotations take minutes, and a year of a fleet holds many.
    if (life.until !== undefined && life.until <= earliestAt) return [];
    return dueDates.flatMap(({ dueAt, ...stretch }) =>
      within(stretch, life).map(({ from, until }) => ({
        ...ofLife(life, instant(Math.max(from, dueAt + DAY, earliestAt))),
        until,
      })),
    );
  });
};

/** Each due date that passed without a rotation, outside of the time in which a rotation is young. */
export const overdue: Find = ({ history, limits, young }) =>
  dueDatesOf(history.map((change) => (change.deletedAt === undefined ? change : withoutDueDate(change))))
    .map(({ dueAt, from, until }) => ({ dueAt, from: latest(from, dueAt), until }))
    .filter(({ from, until }) => until === undefined || from < until)
    .flatMap(({ dueAt, ...passed }) =>
      without(passed, young).map((stretch) => ({
        ...fromStart(stretch, undefined),
        tellableAt: latest(stretch.from, later(dueAt, limits.overdueGraceMs)),
        tellableWithoutEventsAt: latest(stretch.from, later(dueAt, limits.overdueGraceMs)),
      })),
    );

const withoutDueDate = (change: StageChange): StageChange => ({ ...change, nextRotationAt: undefined });

/** A time in which a secret was due at one date. */
interface DueStretch extends Stretch {
  readonly dueAt: Instant;
}

/** Every due date that the secret ever had, and while it had it. */
function dueDatesOf(history: readonly StageChange[]): readonly DueStretch[] {
  const found: DueStretch[] = [];
  let last: DueStretch | undefined;
  for (const { at, nextRotationAt } of history) {
    if (last?.dueAt === nextRotationAt) continue;
    if (last !== undefined) found.push({ ...last, until: at });
    last = nextRotationAt === undefined ? undefined : { dueAt: nextRotationAt, from: at, until: undefined };
  }
  return last === undefined ? found : [...found, last];
}
