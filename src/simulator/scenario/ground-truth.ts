import { DAY, type Instant, instant, later } from '../../domain/instant.ts';
import type { StageChange } from '../secrets-manager/secret-history.ts';
import { CURRENT } from '../secrets-manager/version-stages.ts';
import { failedTests, hopelessFrom } from './failure-truths.ts';
import type { FindingName } from './finding-names.ts';
import { type Limits, limitsOf } from './limits.ts';
import {
  type PendingLife,
  pendingApart,
  pendingLives,
  type Stretch,
  stretches,
  without,
} from './pending-lives.ts';
import type { ScenarioSecret } from './scenario.ts';

/** Something that truly was wrong with a secret, by rules that no detector shares. */
export interface Condition {
  readonly secret: string;
  readonly code: FindingName;
  /** The pending version it is about. */
  readonly versionId: string | undefined;
  readonly since: Instant;
  /** From when on it is right to tell; before that it might still heal. */
  readonly tellableAt: Instant;
  /** The same when no event has arrived; undefined when only events can show it. */
  readonly tellableWithoutEventsAt: Instant | undefined;
  /** Undefined while it lasts. */
  readonly until: Instant | undefined;
}

/** A secret and what happened to it. */
export interface TruthSubject {
  readonly secret: ScenarioSecret;
  readonly history: readonly StageChange[];
  /** Whether events may have been lost, so that nobody can know when a rotation was last tried. */
  readonly eventsMayBeLost: boolean;
  /** Until when the history reaches. */
  readonly endsAt: Instant;
}

interface Known extends TruthSubject {
  readonly lives: readonly PendingLife[];
  readonly limits: Limits;
  /** While a rotation is young nobody can say that it is late. */
  readonly young: readonly Stretch[];
}

type Found = Omit<Condition, 'secret' | 'code'>;

/** Everything that truly was wrong with a secret, in order of time. A replica's primary answers for it. */
export function conditionsOf(subject: TruthSubject): readonly Condition[] {
  if (subject.secret.kind === 'replica') return [];
  const limits = limitsOf(subject.secret);
  const lives = pendingLives(subject.history);
  const young = lives.map(({ from, until, createdAt }) => ({
    from,
    until: earliest(until, later(createdAt, limits.stuckAfterMs)),
  }));
  const known = { ...subject, lives, limits, young };
  return TRUTHS.flatMap(([code, find]) =>
    find(known).map((found) => ({ secret: subject.secret.name, code, ...found })),
  )
    .filter(({ tellableAt, until = later(subject.endsAt, 1) }) => tellableAt < until)
    .sort((a, b) => a.since - b.since);
}

/** The version that is AWSCURRENT logs in; undefined while no rotation has needed the target. */
export function currentLogsIn({ stages, databaseAccepts }: StageChange): boolean | undefined {
  const current = Object.keys(stages).find((id) => stages[id]?.includes(CURRENT));
  return current === undefined ? databaseAccepts && false : databaseAccepts?.includes(current);
}

type Find = (known: Known) => readonly Found[];

const cancelled: Find = ({ history }) =>
  stretches(history, (change) => pendingApart(change) !== undefined && change.rotationEnabled === false).map(
    (stretch) => fromStart(stretch, pendingAt(history, stretch.from)),
  );

const stuck: Find = ({ lives, limits, history }) =>
  history.some(({ rotationEnabled }) => rotationEnabled !== undefined)
    ? lives.map((life) => ofLife(life, later(life.createdAt, limits.stuckAfterMs)))
    : [];

const lost: Find = ({ lives, history }) =>
  lives.filter(({ end, setBegun }) => end === 'lost' && setBegun).map((life) => abandoned(life, history));

const withoutCurrent: Find = ({ history, young }) =>
  stretches(history, hasNoCurrent)
    .flatMap((stretch) => without(stretch, young))
    .map((stretch) => fromStart(stretch, pendingAt(history, stretch.from)));

const switchedOff: Find = ({ history }) =>
  stretches(history, (change) => change.rotationEnabled === false && change.deletedAt === undefined)
    .filter(({ from }) => history.some(({ at, rotationEnabled }) => at < from && rotationEnabled === true))
    .map((stretch) => fromStart(stretch, undefined));

const pendingAt = (history: readonly StageChange[], at: Instant): string | undefined => {
  const change = history.findLast((each) => each.at <= at);
  return change && pendingApart(change);
};

const fromStart = ({ from, until }: Stretch, versionId: string | undefined): Found => ({
  versionId,
  since: from,
  tellableAt: from,
  tellableWithoutEventsAt: from,
  until,
});

const ofLife = ({ versionId, from, until }: PendingLife, tellableAt: Instant): Found => ({
  versionId,
  since: from,
  tellableAt,
  tellableWithoutEventsAt: tellableAt,
  until,
});

/** Until a later rotation succeeds, or the version gets a label again. */
function abandoned({ versionId, until }: PendingLife, history: readonly StageChange[]): Found {
  const since = until ?? instant(0);
  const end = history.find(
    ({ at, stages, lastRotatedAt = 0, deletedAt }) =>
      at > since && (lastRotatedAt > since || stages[versionId] !== undefined || deletedAt !== undefined),
  );
  return { versionId, since, tellableAt: since, tellableWithoutEventsAt: undefined, until: end?.at };
}

const exhausted: Find = (known) => known.lives.flatMap((life) => exhaustedLife(life, known));

function exhaustedLife(life: PendingLife, { history, limits, eventsMayBeLost }: Known): readonly Found[] {
  const within = history.filter(({ at }) => at >= life.from && (life.until === undefined || at < life.until));
  const dueAt = within.at(-1)?.nextRotationAt;
  if (dueAt === undefined) return [];
  const triedAt = eventsMayBeLost ? life.createdAt : life.lastAttemptAt;
  const stuckAt = later(life.createdAt, limits.stuckAfterMs);
  return [ofLife(life, instant(Math.max(dueAt + DAY, triedAt + DAY, stuckAt)))];
}

const failed: Find = ({ lives, limits }) => lives.flatMap((life) => failedLife(life, limits));

function failedLife(
  life: PendingLife,
  { failedGraceMs, splitGraceMs, stuckAfterMs }: Limits,
): readonly Found[] {
  const [first] = life.failures;
  if (first === undefined) return [];
  const split = life.failures.find(({ step }) => step === 'testSecret' || step === 'finishSecret');
  const tellableAt = earliest(split && later(split.at, splitGraceMs), later(first.at, failedGraceMs));
  const stuckAt = later(life.createdAt, stuckAfterMs);
  return [{ ...ofLife(life, tellableAt), tellableWithoutEventsAt: stuckAt }];
}

const hopeless: Find = ({ lives }) =>
  lives.flatMap((life) => {
    const from = hopelessFrom(life);
    return from === undefined ? [] : [byEventsOnly(ofLife(life, from))];
  });

const tested: Find = ({ lives, history, endsAt }) =>
  failedTests(lives, history, endsAt).map((stretch) => byEventsOnly(fromStart(stretch, undefined)));

const byEventsOnly = (found: Found): Found => ({ ...found, tellableWithoutEventsAt: undefined });

const hasNoCurrent = ({ stages, deletedAt }: StageChange): boolean =>
  deletedAt === undefined &&
  Object.keys(stages).length > 0 &&
  !Object.values(stages).some((labels) => labels.includes(CURRENT));

/** Each due date that passed without a rotation, outside of the time in which a rotation is young. */
const overdue: Find = ({ history, limits, young }) => {
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

const earliest = (a: Instant | undefined, b: Instant): Instant => (a !== undefined && a < b ? a : b);

const latest = (a: Instant, b: Instant): Instant => (a > b ? a : b);

const TRUTHS: readonly (readonly [FindingName, Find])[] = [
  ['rotation-cancelled', cancelled],
  ['pending-abandoned', lost],
  ['rotation-will-not-heal', hopeless],
  ['rotation-retries-exhausted', exhausted],
  ['stuck-pending', stuck],
  ['rotation-failed', failed],
  ['no-current-version', withoutCurrent],
  ['rotation-overdue', overdue],
  ['rotation-silently-disabled', switchedOff],
  ['test-rotation-failed', tested],
];
