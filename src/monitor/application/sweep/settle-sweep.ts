import { type Instant, instant } from '../../../calendar/instant.ts';
import type { Datapoint } from '../../domain/metric.ts';
import type { Evidence } from '../../domain/rotation/evidence.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import { behindBoth, type MovesProgress } from '../../domain/sweep/moves-round.ts';
import type { SweepProgress } from '../../domain/sweep/sweep-request.ts';
import { isUnstorable } from '../../ports/store/alert-store.ts';
import { forEachLimited } from '../for-each-limited.ts';
import type { Checking } from '../look/check-secret.ts';
import { type TellingMoves, tellListed } from '../on-event/tell-move.ts';
import type { Service } from '../service.ts';
import { checkDaily, type DailyChecks } from './check-daily.ts';
import { findMissedEvents } from './find-missed-events.ts';
import { noteCurrents } from './note-currents.ts';
import type { Sweep } from './sweep.ts';

/** What settling needs of the service. */
export type Settling = Checking & TellingMoves & Pick<Service, 'log'>;

/** Secrets compared side by side. */
const SECRETS_AT_ONCE = 10;

/** What an invocation did beside taking pages. */
export interface Settled {
  readonly daily: DailyChecks;
  readonly eventsCheckedUntil: Instant;
  readonly dailyCheckedUntil: Instant;
  readonly moves: MovesProgress;
  readonly currents: MovesProgress;
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
  const unnoted = await noteCurrents(service, sweep.currents.due);
  sweep.failures.note(unnoted);
  const unfinished = unnoted.filter((error) => !isUnstorable(error)).length;
  const daily = await checkDaily(service, sweep.daily.due, sweep.circumstances);
  await service.metrics.record(
    [
      ...daily.datapoints,
      ...failures(sweep.recovered),
      ...events.datapoints,
      ...moves.datapoints,
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
    errors: [...sweep.failures.errors, ...events.errors, ...moves.errors, ...failed],
  };
}

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

/** Tells applications of versions in use that they do not know: one read of the store a secret, and no other call. */
async function tellMissedMoves(service: Settling, secrets: readonly Secret[]): Promise<MissedMoves> {
  const datapoints: Datapoint[] = [];
  if (service.applicationBus === undefined) return { datapoints, errors: [] };
  const errors = await forEachLimited(secrets, SECRETS_AT_ONCE, async (secret) => {
    datapoints.push(...(await tellListed(service, secret)));
  });
  return { datapoints, errors };
}

/** Failed rotations count whoever told of them. */
const failures = (recovered: readonly Evidence[]): readonly Datapoint[] =>
  recovered
    .filter(({ kind }) => kind === 'rotation-failed')
    .map(({ step = 'unknown' }) => ({ name: 'RotationFailed', value: 1, dimensions: { Step: step } }));

/** Earlier than what is remembered, so that it is not. */
const NEVER: Instant = instant(0);

const earlier = (a: Instant, b: Instant = a): Instant => (b < a ? b : a);
