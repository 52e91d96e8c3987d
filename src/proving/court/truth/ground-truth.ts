import { HOUR, type Instant, instant, later } from '../../../calendar/instant.ts';
import type { StageChange } from '../../../simulator/secrets-manager/store/secret-history.ts';
import { CURRENT } from '../../../simulator/secrets-manager/store/version-stages.ts';
import type { FindingName } from '../../scenario/finding-names.ts';
import { lateReads, replicaTroubles } from './daily-truths.ts';
import { alternates, type Limits, limitsOf } from './limits.ts';
import {
  graveFailure,
  type PendingLife,
  pendingApart,
  pendingLives,
  type Stretch,
  stretches,
  without,
} from './pending-lives.ts';
import {
  brokenDuring,
  exhausted,
  failedTests,
  hopelessFrom,
  outsideMoves,
  overdue,
} from './rotation-truths.ts';
import { silencesOf } from './silences.ts';
import {
  ABOUT_CALLS,
  byEventsOnly,
  type Condition,
  earliest,
  type Find,
  type Found,
  fromStart,
  type Known,
  latest,
  ofLife,
  type TruthSubject,
} from './truth.ts';

export type { Condition, TruthSubject } from './truth.ts';

/**
 * Returns every true condition of a secret, in order of time. A replica's primary answers for it. A condition that
 * ended before it was to be reported is left out, unless reads show its end so many milliseconds late that it may be
 * reported even so.
 */
export function conditionsOf(subject: TruthSubject, seenLateMs = 0): readonly Condition[] {
  if (subject.secret.kind === 'replica') return [];
  const limits = limitsOf(subject.secret);
  const lives = pendingLives(subject.history);
  const young = lives.map(({ from, until, createdAt }) => ({
    from,
    until: earliest(until, later(createdAt, limits.stuckAfterMs)),
  }));
  const known = { ...subject, lives, limits, young };
  const silences = silencesOf(subject.history);
  return TRUTHS.flatMap(([code, find]) =>
    find(known).map((found) => ({
      secret: subject.secret.name,
      code,
      ...notBeforeItBegan(found),
      silences,
      graveAt: graveFrom(found, known),
    })),
  )
    .filter(({ tellableAt, until = later(subject.endsAt, 1) }) => tellableAt < later(until, seenLateMs))
    .sort((a, b) => a.since - b.since);
}

/** The grave failure of the version of a condition; none where users alternate, as both credentials log in. */
const graveFrom = ({ versionId }: Found, { lives, secret }: Pick<Known, 'lives' | 'secret'>) =>
  alternates(secret) ? undefined : graveFailure(lives, versionId);

/** A version that lost its label and got it back keeps its age, but nothing could be reported while it was gone. */
const notBeforeItBegan = (found: Found): Found => ({
  ...found,
  tellableAt: latest(found.since, found.tellableAt),
  tellableWithoutEventsAt:
    found.tellableWithoutEventsAt && latest(found.since, found.tellableWithoutEventsAt),
});

/** The version that is AWSCURRENT logs in; undefined while no rotation has needed the target. */
export function currentLogsIn({ stages, databaseAccepts }: StageChange): boolean | undefined {
  const current = Object.keys(stages).find((id) => stages[id]?.includes(CURRENT));
  return current === undefined ? databaseAccepts && false : databaseAccepts?.includes(current);
}

const cancelled: Find = ({ history }) =>
  stretches(history, (change) => pendingApart(change) !== undefined && change.rotationEnabled === false).map(
    (stretch) => fromStart(stretch, pendingAt(history, stretch.from)),
  );

const stuck: Find = ({ lives, limits, history }) =>
  history.some(({ rotationEnabled }) => rotationEnabled !== undefined)
    ? lives.map((life) => ofLife(life, later(life.createdAt, limits.stuckAfterMs)))
    : [];

const lost: Find = ({ lives, history }) =>
  lives.filter(({ end, setBegun }) => end === 'lost' && setBegun).flatMap((life) => abandoned(life, history));

const withoutCurrent: Find = ({ history, young }) =>
  stretches(history, hasNoCurrent)
    .flatMap((stretch) => without(stretch, young))
    .map((stretch) => fromStart(stretch, pendingAt(history, stretch.from)));

const switchedOff: Find = ({ history, limits }) =>
  stretches(history, (change) => change.rotationEnabled === false && change.deletedAt === undefined)
    .filter(({ from }) => history.some(({ at, rotationEnabled }) => at < from && rotationEnabled === true))
    .map((stretch) => {
      const tellableAt = later(stretch.from, limits.failedGraceMs);
      return {
        ...fromStart(stretch, undefined),
        tellableAt,
        tellableWithoutEventsAt: tellableAt,
        checkedEveryMs: HOUR,
      };
    });

const pendingAt = (history: readonly StageChange[], at: Instant): string | undefined => {
  const change = history.findLast((each) => each.at <= at);
  return change && pendingApart(change);
};

/**
 * Returns the condition of an abandoned version. It ends with a later rotation that succeeds, or when the version gets
 * a label of AWS again, which no label of our own is. While the secret is to be deleted it does not hold.
 */
function abandoned({ versionId, until }: PendingLife, history: readonly StageChange[]): readonly Found[] {
  const from = until ?? instant(0);
  const end = history.find(
    ({ at, stages, lastRotatedAt = 0 }) =>
      at > from && (lastRotatedAt > from || (stages[versionId] ?? []).some(isOfAws)),
  );
  const deletions = stretches(history, ({ deletedAt }) => deletedAt !== undefined);
  return without({ from, until: end?.at }, deletions).map((stretch) =>
    byEventsOnly(fromStart(stretch, versionId)),
  );
}

const failed: Find = ({ lives, history, limits, secret, functionBroken = [] }) => {
  const { failedGraceMs } = limits;
  const own = alternates(secret) ? { ...limits, splitGraceMs: failedGraceMs } : limits;
  const moves = secret.kind === 'function' ? outsideMoves(history, failedGraceMs) : [];
  return lives.flatMap((life) => {
    const [broken] = brokenDuring(life, functionBroken);
    return failedLife(life, own, moves).map((found) =>
      broken === undefined ? found : notAFlake(found, broken, life),
    );
  });
};

/** The grace is for flakes: a failure of a function that cannot run is none. */
const notAFlake = (found: Found, { from }: Stretch, { failures: [first] }: PendingLife): Found => ({
  ...found,
  tellableAt: earliest(first && latest(first.at, from), found.tellableAt),
});

function failedLife(
  life: PendingLife,
  { failedGraceMs, splitGraceMs, stuckAfterMs }: Limits,
  moves: readonly Found[],
): readonly Found[] {
  const [first] = life.failures;
  if (first === undefined) return [];
  // The target has refused the value in use where that was changed outside a rotation.
  const isMoved = (at: Instant): boolean =>
    moves.some(({ since, until }) => since <= at && (until === undefined || until > at));
  const split = life.failures.find(
    ({ at, step }) =>
      step === 'testSecret' || step === 'finishSecret' || (step === 'setSecret' && isMoved(at)),
  );
  const tellableAt = earliest(split && later(split.at, splitGraceMs), later(first.at, failedGraceMs));
  const stuckAt = later(life.createdAt, stuckAfterMs);
  return [{ ...ofLife(life, tellableAt), tellableWithoutEventsAt: stuckAt }];
}

const hopeless: Find = ({ lives, functionBroken = [] }) =>
  lives.flatMap((life) => {
    const from = hopelessFrom(life);
    const broken = brokenDuring(life, functionBroken).map((stretch) => fromStart(stretch, life.versionId));
    return [...(from === undefined ? [] : [ofLife(life, from)]), ...broken].map(byEventsOnly);
  });

const tested: Find = ({ lives, history, endsAt }) =>
  failedTests(lives, history, endsAt).map((stretch) => byEventsOnly(fromStart(stretch, undefined)));

const isOfAws = (label: string): boolean => label.startsWith('AWS');

const hasNoCurrent = ({ stages, deletedAt }: StageChange): boolean =>
  deletedAt === undefined &&
  Object.keys(stages).length > 0 &&
  !Object.values(stages).some((labels) => labels.includes(CURRENT));

const TRUTHS: readonly (readonly [FindingName, Find])[] = [
  ['rotation-cancelled', cancelled],
  ['pending-abandoned', lost],
  ['rotation-will-not-heal', hopeless],
  ['rotation-retries-exhausted', exhausted],
  ['stuck-pending', stuck],
  ['rotation-failed', failed],
  [
    'current-changed-outside-rotation',
    ({ history, limits, secret }) =>
      secret.kind === 'function' ? outsideMoves(history, limits.failedGraceMs) : [],
  ],
  ['no-current-version', withoutCurrent],
  ['rotation-overdue', overdue],
  ['rotation-silently-disabled', switchedOff],
  ['replication-failed', ({ history, limits }) => replicaTroubles(history, limits.replicationAfterMs)],
  ['test-rotation-failed', tested],
  // Nobody in a scenario holds a lease, so that nobody owes a confirmation.
  ['invalidation-unconfirmed', () => []],
  ['previous-version-in-use', ({ history, secret }) => lateReads(history, secret)],
];

/** Every finding about which the court has a rule. */
export const JUDGED_CODES: readonly FindingName[] = [...TRUTHS.map(([code]) => code), ...ABOUT_CALLS];
