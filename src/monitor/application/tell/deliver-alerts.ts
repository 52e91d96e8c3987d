import { later, MINUTE, SECOND } from '../../../calendar/instant.ts';
import type { Fingerprint } from '../../domain/alert/alert.ts';
import { dueBy, everyOf, type Group, grouped, transitionOf } from '../../domain/alert/group.ts';
import { admit, outdatedIn, overOf, recordKey } from '../../domain/alert/group-record.ts';
import type { Notification } from '../../domain/alert/notification.ts';
import { inForce } from '../../domain/alert/refusal.ts';
import { renderMessage } from '../../domain/message/render-message.ts';
import type { Datapoint } from '../../domain/metric.ts';
import { freshTarget, type SecretState } from '../../domain/state/secret-state.ts';
import type { Lease } from '../../ports/store/alert-store.ts';
import { StoreError } from '../../ports/store/alert-store.ts';
import type { Delivery } from '../../ports/tell/notifier.ts';
import type { Service } from '../service.ts';
import { DeliveryRun, type GroupOutcome } from './delivery-run.ts';
import { noteOutcome } from './note-outcome.ts';

/** What delivering needs of the service. */
export type Delivering = Pick<
  Service,
  'clock' | 'store' | 'queue' | 'notifier' | 'healthNotifier' | 'metrics' | 'log' | 'settings'
>;

/** What a delivery run did. */
export interface DeliveryReport {
  /** Messages the channel took. */
  readonly delivered: number;
  /** Why messages were not taken that may be taken soon; what they say stays in the outbox. */
  readonly failures: readonly string[];
  /** Why messages were refused, now or earlier, that nobody should send again before the next sweep; they stay there too. */
  readonly refused: readonly string[];
}

/** How long one run may deliver alone; a run that dies frees the way after this. */
const LEASE_MS: number = MINUTE;
/** When to look again after finding another run at work. */
const BUSY_RETRY_SECONDS = 5;
/** Two machines' clocks may differ this much: a group this close to its time is due. */
const CLOCK_SKEW_MS: number = SECOND;
/** How often clearing an outbox starts again when somebody else wrote first. */
const MAX_CLEARINGS = 10;

/**
 * Says what is in the outboxes: groups it, sends one message a group, then clears what was sent. A crash between the two
 * repeats a message and never swallows one.
 */
export async function deliverAlerts(service: Delivering, holder: string): Promise<DeliveryReport> {
  const now = service.clock.now();
  const lease: Lease = { name: 'deliver', holder, now, until: later(now, LEASE_MS) };
  if (!(await service.store.acquireLease(lease))) {
    await service.queue.wake(BUSY_RETRY_SECONDS);
    return { delivered: 0, failures: [], refused: [] };
  }
  try {
    return await deliverDue(service);
  } finally {
    await service.store.releaseLease(lease);
  }
}

async function deliverDue(service: Delivering): Promise<DeliveryReport> {
  const { store, clock, settings } = service;
  const states = await store.undelivered();
  const record = (await store.readTarget(settings.target)) ?? freshTarget(settings.target);
  const all = states.flatMap(({ outbox }) => outbox);
  const ready = await withoutHeldBaselines(service, all);
  const over = overOf(all);
  const forgotten = await forgetOutdated(service, ready, over);
  const said = ready.filter((each) => !forgotten.has(each));
  const soon = later(clock.now(), CLOCK_SKEW_MS);
  const run = new DeliveryRun(inForce(record.refusals, clock.now(), settings.sweepIntervalMs));
  for (const group of dueBy(grouped(said), soon)) {
    const usual = settings.escalationTopicArn === undefined || transitionOf(group) !== 'escalated';
    if (!run.holdsBack(group, usual)) run.note(group, await deliverGroup(service, group, over), clock.now());
  }
  await noteOutcome(service, {
    record,
    run,
    unsaid: run.unsaidOf(all.filter((each) => !forgotten.has(each))),
  });
  return { delivered: run.delivered, failures: run.failures, refused: run.refused };
}

/** Forgets what waited for its group until it was true no more; answers what that is. */
async function forgetOutdated(
  service: Delivering,
  notifications: readonly Notification[],
  over: ReadonlySet<Fingerprint>,
): Promise<ReadonlySet<Notification>> {
  const forgotten = new Set<Notification>();
  if (!notifications.some(({ transition }) => transition === 'resolved')) return forgotten;
  for (const group of grouped(notifications)) {
    const { known, admission } = await weigh(service, group, over);
    if (admission.kind !== 'hold') continue;
    for (const each of outdatedIn(group, known, notifications)) forgotten.add(each);
  }
  if (forgotten.size > 0) await clearAll(service, [...forgotten]);
  return forgotten;
}

async function weigh({ store, clock }: Delivering, group: Group, over: ReadonlySet<Fingerprint>) {
  const key = recordKey(group);
  const known = key === undefined ? undefined : await store.readGroup(key);
  return { known, admission: admit(group, { known, over, now: clock.now() }) };
}

/** A target's baseline is told once its first sweep is complete. */
async function withoutHeldBaselines(
  { store }: Delivering,
  notifications: readonly Notification[],
): Promise<readonly Notification[]> {
  const complete = new Map<string, boolean>();
  for (const { baseline, account, region } of notifications) {
    const key = `${account} ${region}`;
    if (!baseline || complete.has(key)) continue;
    complete.set(key, (await store.readTarget({ account, region }))?.baselineAt !== undefined);
  }
  return notifications.filter(
    ({ baseline, severity, account, region }) =>
      !baseline || severity === 'CRITICAL' || complete.get(`${account} ${region}`) === true,
  );
}

/** Tells one group, unless it has to wait: a group that grows is told now and then, one that is over when all of it is. */
async function deliverGroup(
  service: Delivering,
  group: Group,
  over: ReadonlySet<Fingerprint>,
): Promise<GroupOutcome> {
  const { notifier, settings, store } = service;
  const { admission } = await weigh(service, group, over);
  if (admission.kind === 'hold') return { kind: 'held' };
  if (admission.kind === 'told') {
    await clearAll(service, everyOf(group));
    return { kind: 'held' };
  }
  const { before, retold } = admission;
  const delivery = await notifier.deliver(renderMessage({ ...group, before, retold }, settings));
  await count(service, outcomeOf(delivery));
  if (delivery.kind === 'failed') return delivery;
  if (admission.record !== undefined) await store.writeGroup(admission.record);
  await clearAll(service, everyOf(group));
  return delivery;
}

async function clearAll(service: Delivering, notifications: readonly Notification[]): Promise<void> {
  const ids = new Set(notifications.map(({ id }) => id));
  for (const subject of new Set(notifications.map(({ secretArn }) => secretArn))) {
    await clear(service, subject, ids);
  }
}

const outcomeOf = (delivery: Delivery): Datapoint =>
  delivery.kind === 'delivered'
    ? { name: 'NotificationsDelivered', value: 1 }
    : { name: 'NotificationsFailed', value: 1, dimensions: { Reason: delivery.reason } };

const count = ({ metrics, clock }: Delivering, datapoint: Datapoint): Promise<void> =>
  metrics.record([datapoint], clock.now());

async function clear({ store }: Delivering, subject: string, ids: ReadonlySet<string>): Promise<void> {
  for (let attempt = 0; attempt < MAX_CLEARINGS; attempt++) {
    const state = await store.read(subject);
    if (state === undefined || !state.outbox.some(({ id }) => ids.has(id))) return;
    if ((await store.write(cleared(state, ids))) === 'written') return;
  }
  throw new StoreError(`Cannot clear the outbox of "${subject}": ${MAX_CLEARINGS} writers came first`, {
    reason: 'server',
    retryable: true,
  });
}

const cleared = (state: SecretState, ids: ReadonlySet<string>): SecretState => ({
  ...state,
  outbox: state.outbox.filter(({ id }) => !ids.has(id)),
});
