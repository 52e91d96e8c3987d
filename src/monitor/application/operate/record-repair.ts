import { later, MINUTE } from '../../../calendar/instant.ts';
import { asSecretArn, type SecretArn, splitSecretArn } from '../../domain/secret/secret.ts';
import { type RepairRecord, withIntent, withResult } from '../../domain/state/repair-record.ts';
import { freshState, type SecretState } from '../../domain/state/secret-state.ts';
import type { RepairBeginning, RepairIntent, RepairResult } from '../../ports/repair/repair-log.ts';
import { StoreError } from '../../ports/store/store-error.ts';
import { EventSinkError } from '../../ports/tell/event-sink.ts';
import type { Service } from '../service.ts';

/** The parts of the service needed to record repairs. */
export type RecordingRepairs = Pick<Service, 'store' | 'clock' | 'applicationBus'>;

/** The intent of a repair, or a result of one that was begun. */
export type RecordRepairRequest = RepairIntent | RepairResult;

/** Longest time between two results: a function may run for 15 minutes. A run that was killed holds the lock no longer. */
const LOCKED_FOR_MS: number = 16 * MINUTE;
const MAX_ATTEMPTS = 6;
/** Longest text of a request that is kept. */
const LONGEST_TEXT = 300;

const lockName = (secretArn: string): string => `repair#${secretArn}`;

/** Records an intent or a result; throws a RangeError that says what the request lacks. */
export async function recordRepair(
  service: RecordingRepairs,
  request: Partial<RepairIntent & RepairResult>,
): Promise<RepairBeginning> {
  const { id = '', by = '', intent, call, end } = request;
  const secretArn = asSecretArn(request.secretArn ?? '');
  if (secretArn === undefined || id === '' || by === '')
    throw new RangeError(
      'Cannot record a repair: expected { "secretArn", "id", "by" } with "intent", "call" or "end"',
    );
  const run: Run = { service, secretArn, id: cut(id), by: cut(by) };
  if (Array.isArray(intent)) return begin(run, intent.map(cut));
  const stated = call && { ...call, what: cut(call.what), at: service.clock.now() };
  const outcome = end === undefined ? undefined : cut(end);
  if (outcome === undefined) await service.store.acquireLock(lockOf(run));
  await change(run, (known) => withResult(known, run.id, { call: stated, outcome }));
  await publish(run, { what: stated?.what ?? '', state: outcome ?? stated?.state ?? '' });
  if (end !== undefined) await service.store.releaseLock(lockOf(run));
  return { outcome: 'recorded' };
}

const cut = (text: unknown): string => String(text).slice(0, LONGEST_TEXT);

interface Run {
  readonly service: RecordingRepairs;
  readonly secretArn: SecretArn;
  readonly id: string;
  readonly by: string;
}

const lockOf = ({ service, secretArn, id }: Run) => {
  const now = service.clock.now();
  return { name: lockName(secretArn), holder: id, now, until: later(now, LOCKED_FOR_MS) };
};

async function begin(run: Run, intent: readonly string[]): Promise<RepairBeginning> {
  const { service, secretArn, id, by } = run;
  if (!(await service.store.acquireLock(lockOf(run)))) {
    const other = (await service.store.read(secretArn))?.repairs?.findLast(
      ({ outcome }) => outcome === undefined,
    );
    return { outcome: 'busy', by: other?.by ?? '' };
  }
  const startedAt = service.clock.now();
  await change(run, (known) => withIntent(known, { id, startedAt, by, intent }));
  await publish(run, { what: intent.join(' '), state: 'intent' });
  return { outcome: 'recorded' };
}

/** Tells the bus of the monitor; an event that is not taken undoes nothing that was recorded. */
async function publish(
  { service, secretArn, id, by }: Run,
  said: { what: string; state: string },
): Promise<void> {
  const detail = { schemaVersion: 1, secretArn, repairId: id, statedBy: by, ...said };
  try {
    await service.applicationBus?.publish({ detailType: 'Secret Repair Stated', detail });
  } catch (error) {
    if (!(error instanceof EventSinkError)) throw error;
  }
}

async function change(
  { service: { store }, secretArn }: Run,
  changed: (known: readonly RepairRecord[]) => readonly RepairRecord[],
): Promise<void> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const { name, ...target } = splitSecretArn(secretArn);
    const state: SecretState = (await store.read(secretArn)) ?? freshState(secretArn, name, target);
    const after = { ...state, repairs: changed(state.repairs ?? []) };
    if ((await store.write(after)) === 'written') return;
  }
  throw new StoreError(`Cannot record the repair of "${secretArn}": ${MAX_ATTEMPTS} writers came first`, {
    reason: 'server',
    retryable: true,
  });
}
