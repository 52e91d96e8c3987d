import type { Datapoint } from '../../domain/metric.ts';
import { canarySighting, tellsOfRotation } from '../../domain/rotation/canary.ts';
import type { Evidence } from '../../domain/rotation/evidence.ts';
import { evidenceOf } from '../../domain/rotation/evidence-of.ts';
import type { RotationEvent } from '../../domain/rotation/rotation-event.ts';
import { type SecretArn, splitSecretArn, type Target, targetKey } from '../../domain/secret/secret.ts';
import type { AttemptEntry } from '../../ports/store/alert-store.ts';
import { type Checking, type CheckOutcome, checkSecret } from '../look/check-secret.ts';
import { type Examining, examiner } from '../look/examiner.ts';
import type { Service } from '../service.ts';
import { atTarget } from '../target/at-target.ts';
import { isWatchedTarget } from '../target/watched-targets.ts';
import { wakesOfOneRun } from '../tell/wakes-of-one-run.ts';
import { invalidateCaches } from './invalidate-caches.ts';
import { noteEventPath } from './note-event-path.ts';

/** What recording needs of the service. */
export type RecordingEvents = Omit<Checking, 'examine'> &
  Examining &
  Pick<Service, 'accessTo' | 'accounts' | 'applicationBus' | 'parseEvent'>;

/** The service as seen from a target, and what looks closer for all its events of a run. */
type Recording = RecordingEvents & Pick<Checking, 'examine'>;

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
  service: RecordingEvents,
  messages: readonly QueuedEvent[],
): Promise<readonly string[]> {
  const datapoints: Datapoint[] = [{ name: 'EventsReceived', value: messages.length }];
  const views = recordingViews(service);
  const failed: string[] = [];
  for (const { messageId, body } of messages) {
    try {
      datapoints.push(...(await recordMessage(service, views, body)));
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

/** One view for each target, so that no function is inspected twice in a run. */
function recordingViews(service: RecordingEvents): (target: Target) => Recording {
  const views = new Map<string, Recording>();
  return (target) => {
    const key = targetKey(target);
    const local = views.get(key) ?? withExaminer(atTarget(service, target));
    views.set(key, local);
    return local;
  };
}

const withExaminer = (service: RecordingEvents): Recording => ({
  ...service,
  queue: wakesOfOneRun(service),
  examine: examiner(service),
});

async function recordMessage(
  service: RecordingEvents,
  views: (target: Target) => Recording,
  body: string,
): Promise<readonly Datapoint[]> {
  const event = service.parseEvent(parsedJson(body));
  if (event.kind === 'ignored') return [];
  if (event.kind === 'unrecognised') {
    const { id, reason } = event;
    const message = 'Dropped an event that is not understood';
    service.log({ level: 'warn', message, details: { id, reason } });
    return [{ name: 'EventsUnrecognised', value: 1 }];
  }
  const target = placeOf(event);
  if (await isWatchedTarget(service, target)) return recordRotationEvent(views(target), event);
  const { account, region } = target;
  const details = { id: event.id, account, region };
  service.log({ level: 'warn', message: 'Dropped an event of an account that is not watched', details });
  return [{ name: 'EventsUnwatched', value: 1 }];
}

/** Where the secret of an event is: what is forwarded keeps its origin, and an ARN says it itself. */
const placeOf = ({ secret, account, region }: RotationEvent): Target =>
  secret.kind === 'arn' ? splitSecretArn(secret.arn) : { account, region };

const said = (error: unknown): { error: string } => ({
  error: error instanceof Error ? error.message : 'unknown',
});

/** Takes one event in; answers what it counts for. Safe to repeat. */
async function recordRotationEvent(service: Recording, event: RotationEvent): Promise<readonly Datapoint[]> {
  const arn = event.secret.kind === 'arn' ? event.secret.arn : await resolved(service, event.secret.id);
  if (arn === undefined) return [];
  if (arn === service.settings.canarySecretArn) return canarySeen(service, event);
  const attempt = attemptEntry(event, arn);
  if (attempt !== undefined) await service.store.recordAttempt(attempt);
  await noteEventPath(service);
  const fact = evidenceOf(event);
  if (fact === undefined && !LOOKED_AT.has(event.kind)) return [];
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

/** The canary proves that events of rotations arrive, and is nobody's alert. */
async function canarySeen(service: Recording, event: RotationEvent): Promise<readonly Datapoint[]> {
  if (tellsOfRotation(event)) await noteEventPath(service);
  return canarySighting(event, service.clock.now());
}

/** Events that prove nothing and are worth a look all the same. */
const LOOKED_AT: ReadonlySet<RotationEvent['kind']> = new Set([
  'label-moved',
  'replication-started',
  'replication-succeeded',
]);

function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The ARN behind a name or partial ARN; undefined when the secret is gone, so that there is nothing left to watch. */
async function resolved({ catalog }: RecordingEvents, id: string): Promise<SecretArn | undefined> {
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

const makesCurrent = (event: RotationEvent): boolean =>
  event.kind === 'rotation-succeeded' || (event.kind === 'label-moved' && event.label === 'AWSCURRENT');

function counted(
  event: RotationEvent,
  fact: Evidence | undefined,
  { before, after }: CheckOutcome,
): readonly Datapoint[] {
  if (fact === undefined || before.evidence.some(({ id }) => id === fact.id)) return [];
  if (event.kind === 'rotation-failed') {
    return [{ name: 'RotationFailed', value: 1, dimensions: { Step: event.step ?? 'unknown' } }];
  }
  if (event.kind === 'rotation-abandoned') return [{ name: 'RotationAbandoned', value: 1 }];
  return event.kind === 'rotation-succeeded' ? succeeded(fact, after.evidence) : [];
}

/** Of a success that named no version, the look has found out which one it was. */
function succeeded({ id, at, ...named }: Evidence, known: readonly Evidence[]): readonly Datapoint[] {
  const versionId = known.find((fact) => fact.id === id)?.versionId ?? named.versionId;
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
