import type { Evidence } from '../domain/evidence.ts';
import { evidenceOf } from '../domain/evidence-of.ts';
import { HOUR } from '../domain/instant.ts';
import type { Datapoint } from '../domain/metric.ts';
import type { RotationEvent } from '../domain/rotation-event.ts';
import type { SecretArn } from '../domain/secret.ts';
import type { AttemptEntry } from '../ports/alert-store.ts';
import { type CheckOutcome, checkSecret } from './check-secret.ts';
import { invalidateCaches } from './invalidate-caches.ts';
import type { Service } from './service.ts';
import { updateTarget } from './update-target.ts';

/** One message of the queue that EventBridge fills. */
export interface QueuedEvent {
  readonly messageId: string;
  /** The EventBridge envelope as JSON text. */
  readonly body: string;
}

/**
 * Takes rotation events in: each adds evidence and makes the look at its secret happen now. One bad event never stops
 * the others; what nobody understands is counted and acknowledged. Answers the ids of the messages to try again.
 */
export async function recordRotationEvents(
  service: Service,
  messages: readonly QueuedEvent[],
): Promise<readonly string[]> {
  const datapoints: Datapoint[] = [{ name: 'EventsReceived', value: messages.length }];
  const failed: string[] = [];
  for (const { messageId, body } of messages) {
    try {
      datapoints.push(...(await recordMessage(service, body)));
    } catch (error) {
      failed.push(messageId);
      service.log({
        level: 'error',
        message: 'Cannot record a rotation event',
        details: { messageId, ...said(error) },
      });
    }
  }
  await service.metrics.record(datapoints, service.clock.now());
  return failed;
}

async function recordMessage(service: Service, body: string): Promise<readonly Datapoint[]> {
  const event = service.parseEvent(parsedJson(body));
  if (event.kind === 'ignored') return [];
  if (event.kind !== 'unrecognised') return recordRotationEvent(service, event);
  const { id, reason } = event;
  service.log({ level: 'warn', message: 'Dropped an event that is not understood', details: { id, reason } });
  return [{ name: 'EventsUnrecognised', value: 1 }];
}

const said = (error: unknown): { error: string } => ({
  error: error instanceof Error ? error.message : 'unknown',
});

/** Takes one event in; answers what it counts for. Safe to repeat. */
async function recordRotationEvent(service: Service, event: RotationEvent): Promise<readonly Datapoint[]> {
  const arn = event.secret.kind === 'arn' ? event.secret.arn : await resolved(service, event.secret.id);
  if (arn === undefined) return [];
  const attempt = attemptEntry(event, arn);
  if (attempt !== undefined) await service.store.recordAttempt(attempt);
  await noteEventPath(service);
  const fact = evidenceOf(event);
  if (fact === undefined && event.kind !== 'label-moved') return [];
  const outcome = await checkSecret(service, {
    arn,
    evidence: fact === undefined ? [] : [fact],
    listed: undefined,
    known: undefined,
    baseline: false,
    eventsArrive: true,
  });
  const invalidated = makesCurrent(event) ? await invalidateCaches(service, outcome.secret) : [];
  return [...counted(event, fact, outcome), ...invalidated];
}

function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The ARN behind a name or partial ARN; undefined when the secret is gone, so that there is nothing left to watch. */
async function resolved({ catalog }: Service, id: string): Promise<SecretArn | undefined> {
  return (await catalog.describe(id))?.arn;
}

const ATTEMPT_KINDS = {
  'rotation-started': 'started',
  'rotation-failed': 'failed',
  'rotation-succeeded': 'succeeded',
  'rotation-abandoned': 'abandoned',
} as const;

function attemptEntry(event: RotationEvent, secretArn: SecretArn): AttemptEntry | undefined {
  if (!(event.kind in ATTEMPT_KINDS)) return undefined;
  const kind = ATTEMPT_KINDS[event.kind as keyof typeof ATTEMPT_KINDS];
  return {
    secretArn,
    versionId: 'versionId' in event ? event.versionId : undefined,
    eventId: event.id,
    kind,
    step: event.kind === 'rotation-failed' ? event.step : undefined,
    at: event.at,
  };
}

/** Remembers, at most hourly, that events arrive. */
const noteEventPath = ({ store, clock, settings }: Service): Promise<void> =>
  updateTarget(store, settings.target, (record) => {
    const now = clock.now();
    if (record.eventSeenAt !== undefined && now - record.eventSeenAt < HOUR) return undefined;
    return { ...record, eventSeenAt: now };
  });

const makesCurrent = (event: RotationEvent): boolean =>
  event.kind === 'rotation-succeeded' || (event.kind === 'label-moved' && event.label === 'AWSCURRENT');

function counted(
  event: RotationEvent,
  fact: Evidence | undefined,
  { before }: CheckOutcome,
): readonly Datapoint[] {
  if (fact === undefined || before.evidence.some(({ id }) => id === fact.id)) return [];
  if (event.kind === 'rotation-failed') {
    return [{ name: 'RotationFailed', value: 1, dimensions: { Step: event.step ?? 'unknown' } }];
  }
  if (event.kind === 'rotation-abandoned') return [{ name: 'RotationAbandoned', value: 1 }];
  return event.kind === 'rotation-succeeded' ? succeeded(event.versionId, fact, before.evidence) : [];
}

function succeeded(
  versionId: string | undefined,
  { at }: Evidence,
  known: readonly Evidence[],
): readonly Datapoint[] {
  const earlier = known.filter((fact) => fact.versionId !== undefined && fact.versionId === versionId);
  const started = earlier.find(({ kind }) => kind === 'rotation-started');
  const flaky = earlier.some(({ kind }) => kind === 'rotation-failed');
  return [
    { name: 'RotationSucceeded', value: 1 },
    ...(started === undefined
      ? []
      : [{ name: 'RotationDuration' as const, value: (at - started.at) / 1000 }]),
    ...(flaky ? [{ name: 'RotationFlakes' as const, value: 1 }] : []),
  ];
}
