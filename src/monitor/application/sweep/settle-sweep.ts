import { HOUR, type Instant, instant, MINUTE } from '../../../calendar/instant.ts';
import { noted } from '../../domain/look/remember.ts';
import type { Datapoint } from '../../domain/metric.ts';
import type { Evidence } from '../../domain/rotation/evidence.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import { currentVersion } from '../../domain/secret/version-stage.ts';
import { eventsDueUntil } from '../../domain/state/awaited-event.ts';
import { freshState, type SecretState } from '../../domain/state/secret-state.ts';
import { tellsTheSame } from '../../domain/state/state-difference.ts';
import { behindBoth, type MovesProgress } from '../../domain/sweep/moves-round.ts';
import type { SweepProgress } from '../../domain/sweep/sweep-request.ts';
import type { Attempt } from '../../ports/store/attempt-store.ts';
import { isUnstorable, StoreError } from '../../ports/store/store-error.ts';
import { forEachLimited } from '../for-each-limited.ts';
import type { Checking } from '../look/check-secret.ts';
import { type TellingMoves, tellListed } from '../on-event/tell-move.ts';
import type { Service } from '../service.ts';
import { checkDaily, type DailyChecks } from './check-daily.ts';
import { noteSights } from './note-history.ts';
import type { Sweep } from './sweep.ts';

/** Parts of the service that settle a sweep. */
export type Settling = Checking & TellingMoves & Pick<Service, 'log' | 'changes'>;

/** Secrets compared in parallel. */
const SECRETS_AT_ONCE = 10;

/** The work of an invocation, apart from the pages it took. */
export interface Settled {
  readonly daily: DailyChecks;
  readonly eventsCheckedUntil: Instant;
  readonly dailyCheckedUntil: Instant;
  readonly moves: MovesProgress;
  readonly currents: MovesProgress;
  readonly sights: MovesProgress;
  /** Whether anything was asked, now or by earlier invocations, so that it has to be remembered. */
  readonly hasAsked: { readonly events: boolean; readonly daily: boolean };
  readonly errors: readonly unknown[];
}

/** Asks what is left to ask about the secrets that an invocation has listed, and counts what happened to them. */
export async function settleSweep(
  service: Settling,
  sweep: Sweep,
  progress: SweepProgress | undefined,
): Promise<Settled> {
  const { startedAt } = sweep;
  const events = await findMissedEvents(service, sweep.awaitingEvent, startedAt);
  const moves = await tellMissedMoves(service, sweep.moves.due);
  const rotating = sweep.currents.due.filter(({ rotationEnabled }) => rotationEnabled === true);
  const unnoted = await noteCurrents(service, rotating);
  sweep.failures.note(unnoted);
  const unfinished = retryable(unnoted);
  const unkept = await noteSights(service, sweep.sights.due, sweep.sightsBefore);
  sweep.failures.note(unkept);
  const daily = await checkDaily(
    service,
    { asked: sweep.daily.due, changed: sweep.currents.due },
    sweep.circumstances,
  );
  await service.metrics.record(
    [
      ...daily.datapoints,
      ...failures(sweep.recovered),
      ...events.datapoints,
      ...moves.datapoints,
      ...sweep.confirmed,
      ...passedOver(service, sweep),
    ],
    startedAt,
  );
  const failed = daily.errors.filter((error) => !isUnstorable(error));
  const checked = failed.length === 0 ? sweep.daily.checkedUntil : NEVER;
  return {
    daily,
    eventsCheckedUntil: earlier(events.checkedUntil, progress?.eventsCheckedUntil),
    dailyCheckedUntil: earlier(checked, progress?.dailyCheckedUntil),
    hasAsked: {
      events: progress !== undefined || sweep.awaitingEvent.length > 0,
      daily: progress !== undefined || sweep.daily.due.length > 0,
    },
    moves: behindBoth(sweep.moves.next(moves.errors.length), progress?.moves),
    currents: behindBoth(sweep.currents.next(unfinished), progress?.currents),
    sights: behindBoth(sweep.sights.next(retryable(unkept)), progress?.sights),
    errors: [...sweep.failures.errors, ...events.errors, ...moves.errors, ...failed],
  };
}

/** Number of the errors that may go better next time. */
const retryable = (errors: readonly unknown[]): number =>
  errors.filter((error) => !isUnstorable(error)).length;

/** Counts what could not be stored; the sweep goes on without it. */
function passedOver({ log }: Settling, { failures: { unstorable } }: Sweep): readonly Datapoint[] {
  const [first] = unstorable;
  if (first === undefined) return [];
  const details = { secrets: unstorable.length, error: first.message };
  log({ level: 'error', message: 'Cannot store what was found', details });
  return [{ name: 'SecretsUnstorable', value: unstorable.length }];
}

interface MissedMoves {
  readonly datapoints: readonly Datapoint[];
  readonly errors: readonly unknown[];
}

/**
 * Notifies applications of versions in use that they do not know: one read of the store a secret, and no other call.
 */
async function tellMissedMoves(service: Settling, secrets: readonly Secret[]): Promise<MissedMoves> {
  const datapoints: Datapoint[] = [];
  if (service.applicationBus === undefined) return { datapoints, errors: [] };
  const errors = await forEachLimited(secrets, SECRETS_AT_ONCE, async (secret) => {
    datapoints.push(...(await tellListed(service, secret)));
  });
  return { datapoints, errors };
}

/** Failed rotations count, whatever the source reporting them. */
const failures = (recovered: readonly Evidence[]): readonly Datapoint[] =>
  recovered
    .filter(({ kind }) => kind === 'rotation-failed')
    .map(({ step = 'unknown' }) => ({ name: 'RotationFailed', value: 1, dimensions: { Step: step } }));

/** Earlier than what is remembered, so that it is not. */
const NEVER: Instant = instant(0);

const earlier = (a: Instant, b: Instant = a): Instant => (b < a ? b : a);

/** Parts of the service that note the versions in use. */
type Noting = Pick<Service, 'store' | 'clock' | 'settings'>;

/** Secrets noted in parallel. */
const CURRENTS_AT_ONCE = 10;
/** ListSecrets lags up to five minutes: what was seen since may be newer than what it shows. */
const LISTS_LAG_MS: number = 5 * MINUTE;

/**
 * Notes the versions that a list shows in use, for the moves of which no event came: one read of the store a secret, a
 * write where the version is another, and no call to Secrets Manager. A move that no rotation made is looked at by the
 * next sweep. Answers what failed.
 */
const noteCurrents = (service: Noting, secrets: readonly Secret[]): Promise<readonly unknown[]> =>
  forEachLimited(secrets, CURRENTS_AT_ONCE, (secret) => noteCurrent(service, secret));

async function noteCurrent({ store, clock, settings }: Noting, secret: Secret): Promise<void> {
  const now = clock.now();
  const before = (await store.read(secret.arn)) ?? freshState(secret.arn, secret.name, secret);
  if (mayBeNewer(before, secret, now)) return;
  const { expectedWriters } = settings.policyDefaults;
  const after = { ...before, current: noted(before, secret, { now, expectedWriters }) };
  if (tellsTheSame(before, after) || (await store.write(after)) === 'written') return;
  throw new StoreError(`Cannot note the version in use of "${secret.arn}": somebody else wrote first`, {
    reason: 'server',
    retryable: true,
  });
}

const mayBeNewer = ({ current }: SecretState, { lastChangedAt }: Secret, now: number): boolean =>
  current !== undefined && (lastChangedAt ?? 0) <= current.seenAt && now < current.seenAt + LISTS_LAG_MS;

/** Parts of the service that look for missed events. */
type Looking = Pick<Service, 'store' | 'log'>;

/** A secret whose last rotation is known. */
type Rotated = Secret & { readonly lastRotatedAt: Instant };

/** The result of looking for missed events. */
interface EventCheck {
  readonly datapoints: readonly Datapoint[];
  /** Rotations up to then need not be looked at again. */
  readonly checkedUntil: Instant;
  /** The errors that kept single secrets from being checked; the next sweep tries them again. */
  readonly errors: readonly unknown[];
}

/** Secrets looked up in parallel. */
const LOOKED_UP_AT_ONCE = 4;
/** An event that names another version, or none, is about the rotation if it lies this close to it. */
const ABOUT_MS = HOUR;

/**
 * Looks for the events of rotations that should have arrived by now, and counts the rotations without any: one read of
 * the store for each, and no call to Secrets Manager.
 */
async function findMissedEvents(
  service: Looking,
  secrets: readonly Secret[],
  now: Instant,
): Promise<EventCheck> {
  const missed: Rotated[] = [];
  const failed: Rotated[] = [];
  const rotated = secrets.flatMap((secret) =>
    secret.lastRotatedAt === undefined ? [] : [{ ...secret, lastRotatedAt: secret.lastRotatedAt }],
  );
  const errors = await forEachLimited(rotated, LOOKED_UP_AT_ONCE, async (secret) => {
    try {
      if (!(await wasHeardOf(service, secret))) missed.push(secret);
    } catch (error) {
      failed.push(secret);
      throw error;
    }
  });
  const checkedUntil = instant(
    Math.min(eventsDueUntil(now), ...failed.map(({ lastRotatedAt }) => lastRotatedAt - 1)),
  );
  const counted = missed.filter(({ lastRotatedAt }) => lastRotatedAt <= checkedUntil);
  return { datapoints: counting(service, counted), checkedUntil, errors };
}

async function wasHeardOf(
  { store }: Looking,
  { arn, versionStages, lastRotatedAt }: Rotated,
): Promise<boolean> {
  const current = currentVersion(versionStages);
  const isHeardOf = (await store.attempts(arn)).some(
    (attempt) =>
      attempt.versionId === current ||
      instantsOf(attempt).some((at) => Math.abs(at - lastRotatedAt) <= ABOUT_MS),
  );
  return isHeardOf || (await wasPut(store, arn, lastRotatedAt));
}

/** Whether the date is that of a value put by hand, so that no event of a rotation is missing. */
async function wasPut(store: Service['store'], arn: Secret['arn'], date: Instant): Promise<boolean> {
  const { of, at } = (await store.read(arn))?.current?.dated ?? {};
  return of === 'put' && at === date;
}

const instantsOf = ({ startedAt, succeededAt, abandonedAt, failures }: Attempt): readonly Instant[] =>
  [startedAt, succeededAt, abandonedAt, ...failures.map(({ at }) => at)].flatMap((at) => at ?? []);

function counting({ log }: Looking, missed: readonly Rotated[]): readonly Datapoint[] {
  for (const { arn: secretArn } of missed)
    log({ level: 'warn', message: 'No event came of a rotation', details: { secretArn } });
  return missed.length === 0 ? [] : [{ name: 'EventsMissed', value: missed.length }];
}
