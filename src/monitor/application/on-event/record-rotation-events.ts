import { type Instant, MINUTE, SECOND } from '../../../calendar/instant.ts';
import type { Datapoint } from '../../domain/metric.ts';
import { type RotationEvent, targetOf } from '../../domain/rotation/rotation-event.ts';
import { type Target, targetKey } from '../../domain/secret/secret.ts';
import { type Examining, examiner } from '../look/examiner.ts';
import type { Service } from '../service.ts';
import { atTarget } from '../target/at-target.ts';
import { isWatchedTarget } from '../target/watched-targets.ts';
import { wakesOfOneRun } from '../tell/wakes-of-one-run.ts';
import { type Recorded, type RecordingEvent, recordEvent } from './record-event.ts';

/** Parts of the service that record a batch of events. */
export type RecordingEvents = Omit<RecordingEvent, 'examine'> &
  Examining &
  Pick<Service, 'accessTo' | 'accounts' | 'parseEvent' | 'eventQueue' | 'log'>;

/** One message of the queue that EventBridge fills, as Lambda hands it over. */
export interface QueuedEvent {
  readonly messageId: string;
  /** The EventBridge envelope as JSON text. */
  readonly body: string;
  /** Names this receipt of the message to its queue. */
  readonly receiptHandle?: string;
  /** The ARN of the queue. */
  readonly eventSourceARN?: string;
  readonly attributes?: { readonly ApproximateReceiveCount: string };
}

/** A look that is older than its event is repeated after these times, in the same run. */
const REPEATED_AFTER_MS: readonly number[] = [SECOND, 2 * SECOND, 4 * SECOND];
/** So often a message comes before it goes to the dead-letter queue; the last time the look counts as it is. */
export const MAX_RECEIVES = 5;
/** First delay of a message that still waits for its look; each further delay is twice as long. */
const AWAY_MS: number = MINUTE / 3;

/** A message, and what is to be done with it now. */
interface Work {
  readonly message: QueuedEvent;
  readonly run: () => Promise<Recorded>;
  /** Last time for a further look. */
  readonly until?: Instant;
}

/**
 * Takes rotation events in: each adds evidence and makes the look at its secret happen now. One bad event never stops
 * the others; what nobody understands is counted and acknowledged. Answers the ids of the messages to try again.
 */
export async function recordRotationEvents(
  service: RecordingEvents,
  messages: readonly QueuedEvent[],
): Promise<readonly string[]> {
  const datapoints: Datapoint[] = [{ name: 'EventsReceived', value: messages.length }];
  const failed: string[] = [];
  const views = recordingViews(service);
  let work: readonly Work[] = messages.map((message) => ({
    message,
    run: () => recordMessage(service, views, message),
  }));
  for (const pauseMs of [0, ...REPEATED_AFTER_MS]) {
    if (pauseMs > 0 && work.length > 0) await service.clock.pause(pauseMs);
    work = await doAll(service, work, { datapoints, failed });
  }
  for (const { message, until } of work) {
    if (until !== undefined) await postpone(service, message, until);
    failed.push(message.messageId);
  }
  await service.metrics.record(datapoints, service.clock.now());
  return failed;
}

/** Answers what is left to do: the looks that are older than their events. */
async function doAll(
  service: RecordingEvents,
  work: readonly Work[],
  { datapoints, failed }: { readonly datapoints: Datapoint[]; readonly failed: string[] },
): Promise<readonly Work[]> {
  const left: Work[] = [];
  for (const { message, run } of work) {
    try {
      const { again, ...recorded } = await run();
      datapoints.push(...recorded.datapoints);
      if (again !== undefined) left.push({ message, ...again });
    } catch (error) {
      const { messageId } = message;
      failed.push(messageId);
      const details = { messageId, ...said(error) };
      service.log({ level: 'error', message: 'Cannot record a rotation event', details });
    }
  }
  return left;
}

const said = (error: unknown): { error: string } => ({
  error: error instanceof Error ? error.message : 'unknown',
});

/** Has a message come back soon. Where that fails it comes back after the usual time of its queue. */
async function postpone(service: RecordingEvents, message: QueuedEvent, until: Instant): Promise<void> {
  const { receiptHandle, eventSourceARN } = message;
  if (receiptHandle === undefined || eventSourceARN === undefined) return;
  const received = receivesOf(message);
  const left = Math.max(SECOND, until - service.clock.now());
  // The last receipt has to come when the look counts, not before.
  const away = received >= MAX_RECEIVES - 1 ? left : Math.min(left, AWAY_MS * 2 ** (received - 1));
  try {
    await service.eventQueue(eventSourceARN).postpone(receiptHandle, Math.ceil(away / SECOND));
  } catch (error) {
    service.log({ level: 'warn', message: 'Cannot postpone a rotation event', details: said(error) });
  }
}

const receivesOf = ({ attributes }: QueuedEvent): number => {
  const count = Number(attributes?.ApproximateReceiveCount ?? 1);
  return count >= 1 ? count : 1;
};

/** One view for each target, so each function is inspected once in a run. */
function recordingViews(service: RecordingEvents): (target: Target) => RecordingEvent {
  const views = new Map<string, RecordingEvent>();
  return (target) => {
    const key = targetKey(target);
    const local = views.get(key) ?? withExaminer(atTarget(service, target));
    views.set(key, local);
    return local;
  };
}

const withExaminer = (service: RecordingEvents): RecordingEvent => ({
  ...service,
  queue: wakesOfOneRun(service),
  examine: examiner(service),
});

async function recordMessage(
  service: RecordingEvents,
  views: (target: Target) => RecordingEvent,
  message: QueuedEvent,
): Promise<Recorded> {
  const event = service.parseEvent(parsedJson(message.body));
  if (event.kind === 'ignored') return { datapoints: [] };
  if (event.kind === 'unrecognised') {
    const { id, reason } = event;
    const details = { id, reason };
    service.log({ level: 'warn', message: 'Dropped an event that is not understood', details });
    return { datapoints: [{ name: 'EventsUnrecognised', value: 1 }] };
  }
  const target = targetOf(event);
  if (await isWatchedTarget(service, target)) {
    return recordEvent(views(target), event, receivesOf(message) >= MAX_RECEIVES);
  }
  return unwatched(service, event, target);
}

function unwatched({ log }: RecordingEvents, { id }: RotationEvent, { account, region }: Target): Recorded {
  const details = { id, account, region };
  log({ level: 'warn', message: 'Dropped an event of an account that is not watched', details });
  return { datapoints: [{ name: 'EventsUnwatched', value: 1 }] };
}

function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
