import { HOUR, type Instant } from '../../../calendar/instant.ts';
import { changesOfEvent } from '../../domain/history/secret-sight.ts';
import type { Datapoint } from '../../domain/metric.ts';
import { canarySighting, tellsOfRotation } from '../../domain/rotation/canary.ts';
import type { Evidence } from '../../domain/rotation/evidence.ts';
import { evidenceOf } from '../../domain/rotation/evidence-of.ts';
import { type MoveHint, moveHint } from '../../domain/rotation/move.ts';
import type { RotationEvent } from '../../domain/rotation/rotation-event.ts';
import { existed, type Secret, type SecretArn } from '../../domain/secret/secret.ts';
import type { AttemptEntry } from '../../ports/store/attempt-store.ts';
import { type Checking, type CheckOutcome, checkSecret } from '../look/check-secret.ts';
import type { Service } from '../service.ts';
import { updateTarget } from '../target/update-target.ts';
import { type TellingMoves, tellMove } from './tell-move.ts';

/** Parts of the service that record one event, as seen from the target of its secret. */
export type RecordingEvent = Checking & TellingMoves & Pick<Service, 'changes'>;

/** The result of recording an event. */
export interface Recorded {
  readonly datapoints: readonly Datapoint[];
  /** Repeats the look at a secret that appears older than its event; `until` is the last time for it. */
  readonly again?: { readonly run: () => Promise<Recorded>; readonly until: Instant };
}

/**
 * Takes one event in; answers what it counts for. Safe to repeat. An event that says that a version became AWSCURRENT
 * is not done while the look shows an older state; `isLast` says that it will not come again.
 */
export async function recordEvent(
  service: RecordingEvent,
  event: RotationEvent,
  isLast: boolean,
): Promise<Recorded> {
  const arn =
    event.secret.kind === 'arn' ? event.secret.arn : await resolved(service, event.secret.id, event.at);
  if (arn === undefined) return { datapoints: [] };
  if (arn === service.settings.canarySecretArn) return { datapoints: await canarySeen(service, event) };
  const attempt = attemptEntry(event, arn);
  const isNamed = attempt?.versionId !== undefined;
  if (attempt !== undefined && isNamed) await service.store.recordAttempt(attempt);
  for (const change of changesOfEvent(event, arn)) await service.changes.recordChange(change);
  await noteEventPath(service);
  const fact = evidenceOf(event);
  if (fact === undefined && !LOOKED_AT.has(event.kind)) return { datapoints: [] };
  const outcome = await checked(service, arn, fact === undefined ? [] : [fact]);
  if (attempt !== undefined && !isNamed) {
    await service.store.recordAttempt({ ...attempt, versionId: versionOf(event, outcome) });
  }
  const hint = moveHint(event);
  const followed =
    hint === undefined
      ? { datapoints: [] }
      : await follow(service, { arn, hint, isLast, secret: outcome.secret });
  return { ...followed, datapoints: [...counted(event, fact, outcome), ...followed.datapoints] };
}

/** The version that an event is about which names none, as the look has found out. */
const versionOf = ({ id }: RotationEvent, { after }: CheckOutcome): string | undefined =>
  after.evidence.find((fact) => fact.id === id)?.versionId;

const checked = (
  service: RecordingEvent,
  arn: SecretArn,
  evidence: readonly Evidence[],
): Promise<CheckOutcome> =>
  checkSecret(service, {
    arn,
    evidence,
    listed: undefined,
    known: undefined,
    baseline: false,
    eventsArrive: true,
  });

interface Following {
  readonly arn: SecretArn;
  readonly hint: MoveHint;
  readonly isLast: boolean;
  readonly secret: Secret | undefined;
}

/** Notifies applications, or says how to look again. */
async function follow(service: RecordingEvent, { arn, ...given }: Following): Promise<Recorded> {
  const { verdict, datapoints } = await tellMove(service, arn, { ...given, now: service.clock.now() });
  if (verdict.kind !== 'wait') return { datapoints };
  const run = async (): Promise<Recorded> =>
    follow(service, { ...given, arn, secret: (await checked(service, arn, [])).secret });
  return { datapoints, again: { run, until: verdict.until } };
}

/** The canary proves that events of rotations arrive, and is nobody's alert. */
async function canarySeen(service: RecordingEvent, event: RotationEvent): Promise<readonly Datapoint[]> {
  if (tellsOfRotation(event)) await noteEventPath(service);
  return canarySighting(event, service.clock.now());
}

/** Events that prove nothing and are worth a look all the same. */
const LOOKED_AT: ReadonlySet<RotationEvent['kind']> = new Set([
  'label-moved',
  'replication-started',
  'replication-succeeded',
]);

/**
 * The ARN behind a name or partial ARN; undefined when the secret is gone, so that there is nothing left to watch. One
 * that was created after the event has the name of the secret that the event is about, and no more.
 */
async function resolved(
  { catalog }: RecordingEvent,
  id: string,
  at: Instant,
): Promise<SecretArn | undefined> {
  const secret = await catalog.describe(id);
  return secret !== undefined && existed(secret, at) ? secret.arn : undefined;
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

/** Returns the datapoints of a success. The look has found out the version of one that named none. */
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

/** Remembers, at most hourly, that events arrive. */
const noteEventPath = ({
  store,
  clock,
  settings,
}: Pick<Service, 'store' | 'clock' | 'settings'>): Promise<void> =>
  updateTarget(store, settings.target, (record) => {
    const now = clock.now();
    if (record.eventSeenAt !== undefined && now - record.eventSeenAt < HOUR) return undefined;
    return { ...record, eventSeenAt: now };
  });
