import { DAY, HOUR, type Instant, instant, later } from '../../../calendar/instant.ts';
import type { StageChange } from '../../../simulator/secrets-manager/store/secret-history.ts';
import { CURRENT, PENDING } from '../../../simulator/secrets-manager/store/version-stages.ts';
import { type PendingLife, type Stretch, within, without } from './pending-lives.ts';
import { byEventsOnly, type Find, type Found, fromStart, latest, ofLife } from './truth.ts';

/**
 * Pending versions that nothing tries any longer: a day past the due date and the last attempt, until it is put off.
 */
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

/** Returns the time from which no further attempt can be expected to succeed; undefined while one can. */
export function hopelessFrom({ failures }: PendingLife): Instant | undefined {
  const refused = failures.find(({ text }) => text.includes('was not created by Lambda'));
  const [first] = failures;
  const repeated = failures.find(({ at }, index) => index >= 2 && first && at - first.at >= 2 * HOUR);
  return refused?.at ?? repeated?.at;
}

/** A suspect that was looked at is not looked at again for so long, unless something happens to it. */
const LOOKED_AT_EVERY_MS = HOUR;

/**
 * Returns the times during which the function of a version's rotation could not run; its recovery need not be known at
 * once.
 */
export const brokenDuring = (life: PendingLife, broken: readonly Stretch[]): readonly Stretch[] =>
  broken
    .map(({ from, until }) => ({
      from: from > life.from ? from : life.from,
      until: earlier(life.until, until && later(until, LOOKED_AT_EVERY_MS)),
    }))
    .filter(({ from, until }) => until === undefined || from < until);

const earlier = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;

/** Each failed test of a configuration, until a later test or rotation succeeds or rotation is switched off. */
export function failedTests(
  lives: readonly PendingLife[],
  history: readonly StageChange[],
  endsAt: Instant,
): readonly Stretch[] {
  return lives.filter(isTest).flatMap(({ failures: [failure], until }, index, tests) => {
    if (failure === undefined) return [];
    const next = tests[index + 1];
    const rotated = history.find(
      ({ at, lastRotatedAt = 0, rotationEnabled }) =>
        at > failure.at && (lastRotatedAt > failure.at || rotationEnabled !== true),
    );
    const ends = [next?.until, rotated?.at].filter((at) => at !== undefined);
    return [{ from: until ?? endsAt, until: ends.sort((a, b) => a - b)[0] }];
  });
}

/** The service gives the version of a test a copy of the value in use, so that no function ever fills it. */
const isTest = ({ isFilled, end, failures }: PendingLife): boolean =>
  !isFilled && end === 'lost' && failures.every(({ step }) => step === 'testSecret');

/** A sweep may be the first to see the move, and a later one reports it. */
const SEEN_EVERY_MS = HOUR;

/**
 * The times in which the value in use was none that a rotation had put there: after the first rotation, and until the
 * next one, or until the value of the last one is back. A new value that moved LastRotatedDate looks like a rotation: only
 * events tell the two apart.
 */
export function outsideMoves(history: readonly StageChange[], graceMs: number): readonly Found[] {
  const made = new Set<string>();
  const used = new Set<string>();
  const outside = new OutsideStretches(graceMs);
  const dates = new Set(history.map(({ putAt }) => putAt));
  let current: string | undefined;
  let rotated: string | undefined;
  for (const change of history) {
    const next = withLabel(change, CURRENT);
    if (next !== undefined && next !== current) {
      if (
        current === undefined ||
        !rotates(change) ||
        next === rotated ||
        (made.has(next) && !used.has(next))
      ) {
        rotated = next;
        outside.end(change.at);
      } else outside.begin(change.at, dates.has(change.at) && !used.has(next));
      if (current !== undefined) used.add(current);
      current = next;
    }
    const pending = withLabel(change, PENDING);
    if (pending !== undefined) made.add(pending);
    if (change.deletedAt !== undefined) outside.end(change.at);
  }
  outside.end(undefined);
  return outside.found;
}

const rotates = ({ lastRotatedAt, rotationEnabled }: StageChange): boolean =>
  lastRotatedAt !== undefined && rotationEnabled === true;

/** The stretches of {@link outsideMoves}, one after the other. */
class OutsideStretches {
  readonly found: Found[] = [];
  readonly #graceMs: number;
  #open: { readonly since: Instant; readonly looksRotated: boolean } | undefined;

  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** Begins a stretch; a move of another look ends the one before. */
  begin(at: Instant, looksRotated: boolean): void {
    if (this.#open?.looksRotated !== looksRotated) this.end(at);
    this.#open ??= { since: at, looksRotated };
  }

  end(until: Instant | undefined): void {
    if (this.#open === undefined) return;
    const { since, looksRotated } = this.#open;
    const move = told(since, this.#graceMs, until);
    this.found.push(looksRotated ? byEventsOnly(move) : move);
    this.#open = undefined;
  }
}

const withLabel = ({ stages }: StageChange, label: string): string | undefined =>
  Object.keys(stages).find((versionId) => stages[versionId]?.includes(label));

const told = (since: Instant, graceMs: number, until: Instant | undefined): Found => ({
  versionId: undefined,
  since,
  tellableAt: later(since, graceMs),
  tellableWithoutEventsAt: later(since, graceMs),
  until,
  checkedEveryMs: SEEN_EVERY_MS,
});
