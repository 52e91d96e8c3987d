import { type Instant, instant } from '../../../calendar/instant.ts';
import type { Datapoint } from '../../domain/metric.ts';
import type { Evidence } from '../../domain/rotation/evidence.ts';
import type { SweepProgress } from '../../domain/sweep/sweep-request.ts';
import { isUnstorable } from '../../ports/store/alert-store.ts';
import type { Checking } from '../look/check-secret.ts';
import type { Service } from '../service.ts';
import { checkDaily, type DailyChecks } from './check-daily.ts';
import { findMissedEvents } from './find-missed-events.ts';
import type { Sweep } from './sweep.ts';

/** What settling needs of the service. */
export type Settling = Checking & Pick<Service, 'applicationBus' | 'metrics' | 'log'>;

/** What an invocation did beside taking pages. */
export interface Settled {
  readonly daily: DailyChecks;
  readonly eventsCheckedUntil: Instant;
  readonly dailyCheckedUntil: Instant;
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
  const daily = await checkDaily(service, sweep.daily.due, sweep.circumstances);
  await service.metrics.record(
    [...daily.datapoints, ...failures(sweep.recovered), ...events.datapoints, ...passedOver(service, sweep)],
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
    errors: [...sweep.failures.errors, ...events.errors, ...failed],
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

/** Failed rotations count whoever told of them. */
const failures = (recovered: readonly Evidence[]): readonly Datapoint[] =>
  recovered
    .filter(({ kind }) => kind === 'rotation-failed')
    .map(({ step = 'unknown' }) => ({ name: 'RotationFailed', value: 1, dimensions: { Step: step } }));

/** Earlier than what is remembered, so that it is not. */
const NEVER: Instant = instant(0);

const earlier = (a: Instant, b: Instant = a): Instant => (b < a ? b : a);
