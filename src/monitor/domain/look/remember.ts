import { type Instant, wholeSecond } from '../../../calendar/instant.ts';
import { type Alert, isOpen } from '../alert/alert.ts';
import { unsaidEnd } from '../alert/say.ts';
import type { Facts } from '../detect/detector.ts';
import { isStillLost } from '../detect/pending-abandoned.ts';
import { type PendingLook, wasCurrent } from '../detect/pending-sight.ts';
import { currentSight, lastRotatedVersion, movedFrom } from '../rotation/current-sight.ts';
import { type Evidence, isNameless, withEvidence } from '../rotation/evidence.ts';
import type { CurrentLook } from '../rotation/move-source.ts';
import { allProgress, isNotable, type VersionProgress } from '../rotation/progress.ts';
import type { Secret } from '../secret/secret.ts';
import { currentVersion, pendingApart } from '../secret/version-stage.ts';
import type { SecretState } from '../state/secret-state.ts';

/** A state that knows further facts, and what they prove of versions. */
export function reminded(state: SecretState, facts: readonly Evidence[]): SecretState {
  const { progress, pending } = state;
  const evidence = [...new Map([...facts, ...state.evidence].map((fact) => [fact.id, fact])).values()];
  const known = allProgress({ progress, evidence }).filter(
    (version) => isNotable(version) || speaksLater(version, pending),
  );
  return {
    ...state,
    evidence: withEvidence(state.evidence, facts),
    ...(known.length === 0 && progress === undefined ? {} : { progress: known }),
  };
}

/**
 * Whether a version has a value or its rotation began while it is pending: it matters once the version fails, and the
 * report of a failure may arrive after that of the next start.
 */
const speaksLater = (
  { isFilled, lastStartedAt, versionId }: VersionProgress,
  pending: SecretState['pending'],
): boolean => versionId === pending?.versionId && (isFilled === true || lastStartedAt !== undefined);

/**
 * Keeps that the pending version failed at setSecret after AWSCURRENT had been changed outside a rotation: whatever
 * becomes of the label, the target has refused the value that was in use.
 */
export function refused(state: SecretState): SecretState {
  const { current, pending, progress } = state;
  if (current?.outside === undefined || progress === undefined) return state;
  const changedAt = wholeSecond(movedFrom(current.outside));
  const marked = progress.map((version) =>
    version.versionId === pending?.versionId &&
    version.reached === 'setSecret' &&
    (version.lastFailedAt ?? 0) >= changedAt
      ? { ...version, refusedAt: version.refusedAt ?? version.lastFailedAt }
      : version,
  );
  return { ...state, progress: marked };
}

/**
 * Keeps that a version which had failed came into use, by whatever way: it loses its last stage later, as every version
 * does, and is not lost then.
 */
export function promoted(state: SecretState, { versionStages }: Secret, now: Instant): SecretState {
  const { progress } = state;
  const isNews = ({ versionId, lastFailedAt, promotedAt }: VersionProgress): boolean =>
    wasCurrent(versionStages[versionId]) && (promotedAt ?? -1) < (lastFailedAt ?? -1);
  if (progress?.some(isNews) !== true) return state;
  return {
    ...state,
    progress: progress.map((version) => (isNews(version) ? { ...version, promotedAt: now } : version)),
  };
}

/**
 * Returns the version of a troubled rotation that a look found in use for the first time: whoever finished it, history
 * has to know that it ended, and the service reports only ends that it made itself. Undefined when there is none.
 */
export function endedRotation(
  before: SecretState,
  after: SecretState,
  { versionStages }: Secret,
): string | undefined {
  const current = currentVersion(versionStages);
  const promotedAt = ({ progress }: SecretState): Instant | undefined =>
    progress?.find(({ versionId }) => versionId === current)?.promotedAt;
  const isNews = promotedAt(after) !== undefined && promotedAt(after) !== promotedAt(before);
  const wasStuck = before.pending?.versionId === current && before.alerts.some(isOpen);
  return isNews || wasStuck ? current : undefined;
}

/** The version in use after a look; `state` is the one before it. */
export const noted = (
  state: SecretState,
  secret: Secret,
  given: Pick<CurrentLook, 'now' | 'expectedWriters'>,
): SecretState['current'] =>
  currentSight(state.current, {
    ...given,
    secret,
    evidence: state.evidence,
    progress: state.progress,
    pendingBefore: state.pending?.versionId,
  });

/** So many versions of which nothing speaks are remembered, about 2 KB: the newest ones, which may become pending again. */
const KEPT_AT_REST = 8;

/**
 * Versions given up since the last success that are remembered, each with its alert: some 50 KB, far below the 400 KB
 * of an item.
 */
const KEPT_LOST = 50;
/** The newest of them are kept, even if the target has refused them. */
const KEPT_NEWEST_LOST = 10;

/**
 * Forgets how far versions came, except for those that are pending or lost or that an alert names, and the
 * {@link KEPT_AT_REST} newest others: a version that gets AWSPENDING back has failed as often as before.
 */
export function withoutOldProgress(judged: SecretState, facts: Facts, now: Instant): SecretState {
  const state = withoutOldLosses(judged, facts, now);
  const { progress, pending, alerts } = state;
  if (progress === undefined) return state;
  const named = new Set([pending?.versionId, ...alerts.map(({ pendingVersionId }) => pendingVersionId)]);
  const atRest = progress
    .filter(({ versionId }) => !named.has(versionId) && !isStillLost(versionId, facts))
    .sort((a, b) => lastHeardAt(b) - lastHeardAt(a));
  const forgotten = new Set([...atRest.slice(KEPT_AT_REST), ...atRest.filter((each) => !isNotable(each))]);
  const kept = progress.filter((version) => !forgotten.has(version));
  return { ...state, progress: kept.length === 0 ? undefined : kept };
}

/**
 * Forgets all but {@link KEPT_LOST} lost versions, and ends their alerts without a message, since the others stay open.
 * A version that the target may hold is kept before one that it refused.
 */
function withoutOldLosses(state: SecretState, facts: Facts, now: Instant): SecretState {
  const { progress = [], pending, alerts, outbox } = state;
  const newestFirst = progress
    .filter(({ versionId }) => versionId !== pending?.versionId && isStillLost(versionId, facts))
    .sort((a, b) => (b.givenUp?.at ?? 0) - (a.givenUp?.at ?? 0));
  const gravestFirst = newestFirst
    .slice(KEPT_NEWEST_LOST)
    .sort((a, b) => Number(b.firstSplitAt !== undefined) - Number(a.firstSplitAt !== undefined));
  const forgotten = new Set(
    gravestFirst.slice(KEPT_LOST - KEPT_NEWEST_LOST).map(({ versionId }) => versionId),
  );
  if (forgotten.size === 0) return state;
  return {
    ...state,
    progress: progress.filter(({ versionId }) => !forgotten.has(versionId)),
    alerts: alerts.filter((alert) => !isAbout(alert, forgotten)),
    outbox: [
      ...outbox,
      ...alerts
        .filter((alert) => isAbout(alert, forgotten))
        .flatMap((alert) => unsaidEnd(alert, state, now) ?? []),
    ],
  };
}

const isAbout = ({ pendingVersionId = '' }: Alert, versionIds: ReadonlySet<string>): boolean =>
  versionIds.has(pendingVersionId);

/** Returns the time of the last news about a version. */
const lastHeardAt = ({ lastFailedAt, succeededAt, givenUp, promotedAt }: VersionProgress): number =>
  Math.max(lastFailedAt ?? 0, succeededAt ?? 0, givenUp?.at ?? 0, promotedAt ?? 0);

/**
 * Names the version of facts whose version id could not be read, so that every rule counts them alike. Version ids are
 * the tokens of requests, which callers choose; that an event ends with one is not documented.
 */
export function attributed(
  state: SecretState,
  secret: Secret,
  createdAt: Readonly<Record<string, Instant>>,
): SecretState {
  if (!state.evidence.some(isNameless)) return state;
  const evidence = state.evidence.map((fact) => {
    const versionId = isNameless(fact) ? versionPendingAt(fact.at, state, { secret, createdAt }) : undefined;
    return versionId === undefined ? fact : { ...fact, versionId };
  });
  return { ...state, evidence };
}

/** One rotation runs at a time: a fact belongs to the first version that came to its end after it. */
function versionPendingAt(
  at: Instant,
  state: SecretState,
  { secret, createdAt }: Pick<PendingLook, 'secret' | 'createdAt'>,
): string | undefined {
  const [ended] = endsOf(state, secret)
    .filter((end) => end.at >= at)
    .sort((a, b) => a.at - b.at);
  if (ended !== undefined) return ended.versionId;
  const before = state.pending;
  const versionId = before?.versionId ?? pendingApart(secret.versionStages);
  const since = before?.createdAt ?? before?.startedAt ?? createdAt[versionId ?? ''];
  // Events name whole seconds: one of the second in which the version was created may seem to be earlier.
  const isOlder = since !== undefined && at < wholeSecond(since);
  return versionId === undefined || isOlder ? stagedBefore(at, state, secret) : versionId;
}

/**
 * Returns the version that was last put as AWSPENDING, or that a rotation was last asked for, by that time; undefined
 * where it had come to its end before.
 */
function stagedBefore(at: Instant, state: SecretState, secret: Secret): string | undefined {
  const staged = state.evidence.findLast(
    (fact) => fact.at <= at && (fact.operation === 'RotateSecret' || fact.makesPending === true),
  );
  const isOver = endsOf(state, secret).some(
    (end) => end.at <= at && end.at >= (staged?.at ?? at) && end.versionId === staged?.versionId,
  );
  return isOver ? undefined : staged?.versionId;
}

interface End {
  readonly at: Instant;
  readonly versionId: string | undefined;
}

function endsOf(state: SecretState, secret: Secret): readonly End[] {
  const givenUp = allProgress(state).flatMap(({ versionId, givenUp: end }) =>
    end === undefined ? [] : [{ at: end.at, versionId }],
  );
  const succeeded = state.evidence.filter(({ kind }) => kind === 'rotation-succeeded');
  const { lastRotatedAt } = secret;
  return [
    ...givenUp,
    ...succeeded.flatMap(({ at, versionId }) => (versionId === undefined ? [] : [{ at, versionId }])),
    ...(lastRotatedAt === undefined
      ? []
      : [{ at: lastRotatedAt, versionId: lastRotatedVersion(state.current, secret) }]),
  ];
}
