import { later, MINUTE, SECOND } from '../../../calendar/instant.ts';
import { plural } from '../../../calendar/plural.ts';
import { admit, dueFrom, outdatedIn, overOf, saidOf } from '../../domain/alert/admit.ts';
import {
  dueAt,
  dueBy,
  everyOf,
  type Group,
  grouped,
  parted,
  transitionOf,
} from '../../domain/alert/group.ts';
import { type MemberHash, memberOf, wasTold, withEnded } from '../../domain/alert/group-record.ts';
import type { HealthSight } from '../../domain/alert/health.ts';
import type { Notification } from '../../domain/alert/notification.ts';
import { inForce } from '../../domain/alert/refusal.ts';
import { renderMessage } from '../../domain/message/render-message.ts';
import type { Datapoint } from '../../domain/metric.ts';
import { freshTarget, type TargetRecord } from '../../domain/state/secret-state.ts';
import type { Lock } from '../../ports/store/locks.ts';
import type { Delivery } from '../../ports/tell/notifier.ts';
import type { Service } from '../service.ts';
import { updateTarget } from '../target/update-target.ts';
import { baselineEnds } from './baseline-ends.ts';
import { DeliveryRun, type DeliveryTurn, type GroupOutcome, goOn, UNHURRIED } from './delivery-run.ts';
import { KnownGroups } from './known-groups.ts';
import { lateNotifications } from './late-notifications.ts';
import { nameOthers } from './name-others.ts';
import { noteHealth } from './note-health.ts';
import { Waiting } from './waiting.ts';
import { CLOCK_SKEW_MS, wakeAfterHold } from './wake-after-hold.ts';

/** Parts of the service that deliver alerts. */
export type Delivering = Pick<
  Service,
  'clock' | 'store' | 'queue' | 'notifier' | 'healthNotifier' | 'metrics' | 'log' | 'settings'
>;

/** The result of a delivery run. */
export interface DeliveryReport {
  /** Messages the channel took. */
  readonly delivered: number;
  /** Failures that may soon pass; their messages stay in the outbox. */
  readonly failures: readonly string[];
  /**
   * Refusals, now or earlier, after which nothing is sent again before the next sweep; their messages stay there too.
   */
  readonly refused: readonly string[];
}

/** Longest time that one run may deliver alone; the lock of a run that dies ends after this. */
const LOCK_MS: number = MINUTE;
/** Seconds until the next look when another run was delivering. */
const BUSY_RETRY_SECONDS = 5;

/**
 * Says what is in the outboxes: groups it, sends one message a group and remembers that, then clears what was sent. A
 * crash may repeat a message and never swallows one; what there is no time for is left to the next run.
 */
export async function deliverAlerts(
  service: Delivering,
  holder: string,
  turn: DeliveryTurn = UNHURRIED,
): Promise<DeliveryReport> {
  const now = service.clock.now();
  const lock: Lock = { name: 'deliver', holder, now, until: later(now, LOCK_MS) };
  if (!(await service.store.acquireLock(lock))) {
    await goOn(service, BUSY_RETRY_SECONDS, turn);
    return { delivered: 0, failures: [], refused: [] };
  }
  try {
    return await deliverDue(service, holder, turn);
  } finally {
    await service.store.releaseLock(lock);
  }
}

async function deliverDue(service: Delivering, holder: string, turn: DeliveryTurn): Promise<DeliveryReport> {
  const { store, clock, settings } = service;
  const isLate = (): boolean => turn.handOverAt !== undefined && clock.now() >= turn.handOverAt;
  const waiting = new Waiting(store);
  await waiting.read();
  const record = (await store.readTarget(settings.target)) ?? freshTarget(settings.target);
  const run = new DeliveryRun(inForce(record.refusals, clock.now(), settings.sweepIntervalMs));
  const all = waiting.notifications;
  const known = new KnownGroups(store);
  const telling = { service, run, waiting, known, over: overOf(all) };
  const ready = await withoutHeldBaselines(service, all);
  await endUnsaid(telling, all);
  await forgetOutdated(
    telling,
    ready.filter((each) => !run.isDone(each)),
  );
  const groups = grouped(ready.filter((each) => !run.isDone(each)));
  await leaveOthers(telling, ready);
  const left = await tellDue(telling, dueBy(groups, later(clock.now(), CLOCK_SKEW_MS)), isLate);
  const unnamed = left > 0 ? [] : await nameOthers(service, record, telling);
  const unwritten = await known.settle();
  const { isDone, errors } = await waiting.clear(run.done, isLate);
  if (left > 0 || !isDone) await goOn(service, 0, turn);
  else {
    await wakeForNext(service, groups);
    await wakeAfterHold(service, holder, run.heldUntil);
  }
  await noteOutcome(service, { record, run, unsaid: all.filter((each) => !run.isDone(each)) });
  const failed = [...run.errors, ...unnamed, ...unwritten, ...errors];
  if (failed.length > 0)
    throw new AggregateError(failed, `${plural(failed.length, 'delivery', 'deliveries')} failed`);
  return { delivered: run.delivered, failures: run.failures, refused: run.refused };
}

/** The service, run and records of sending. */
interface Telling {
  readonly service: Delivering;
  readonly run: DeliveryRun;
  readonly waiting: Waiting;
  readonly known: KnownGroups;
  /** Alerts whose end waits to be reported. */
  readonly over: ReadonlySet<MemberHash>;
}

/**
 * Sends the messages of the groups one after the other; one that fails stops no other. Answers how many there was no
 * time for.
 */
async function tellDue(telling: Telling, due: readonly Group[], isLate: () => boolean): Promise<number> {
  const { service, run } = telling;
  const { clock, settings } = service;
  for (const [index, group] of due.entries()) {
    if (isLate()) return due.length - index;
    const usual = settings.escalationTopicArn === undefined || transitionOf(group) !== 'escalated';
    if (run.holdsBack(group, usual)) continue;
    try {
      run.note(group, await deliverGroup(telling, group), clock.now());
    } catch (error) {
      run.fail(error);
    }
  }
  return 0;
}

/** Takes alerts that closed without a message out of the records of their groups, and forgets what waited about them. */
async function endUnsaid(
  { service, run, known }: Telling,
  notifications: readonly Notification[],
): Promise<void> {
  const ends = notifications.filter(({ unsaid }) => unsaid === true);
  for (const group of grouped(ends)) {
    const record = await known.of(group);
    if (record !== undefined) await known.write(withEnded(record, group, service.clock.now()));
  }
  const endedAt = new Map(ends.map(({ fingerprint, at }) => [fingerprint, at]));
  run.forget(notifications.filter(({ fingerprint, at }) => at <= (endedAt.get(fingerprint) ?? -1)));
}

/** Forgets what waited for its group until it was true no more. */
async function forgetOutdated(
  { service, run, known, over }: Telling,
  notifications: readonly Notification[],
): Promise<void> {
  if (!notifications.some(({ transition }) => transition === 'resolved')) return;
  const said = saidOf(notifications);
  for (const group of grouped(notifications)) {
    const record = await known.of(group);
    const admission = admit(group, { known: record, over, now: service.clock.now() });
    if (admission.kind === 'hold') run.forget(outdatedIn(group, record, said));
  }
}

/** A target's baseline is reported once its first sweep is complete. */
async function withoutHeldBaselines(
  { store }: Delivering,
  notifications: readonly Notification[],
): Promise<readonly Notification[]> {
  const ends = await baselineEnds(store, notifications);
  return notifications.filter((each) => dueFrom(each, ends) !== undefined);
}

/**
 * Sends the notifications of one group that were not sent before, unless it has to wait: news of a group that grows is
 * sent now and then, its end when all of it is over.
 */
async function deliverGroup(telling: Telling, group: Group): Promise<GroupOutcome> {
  const { service, run, known, over } = telling;
  const { notifier, settings, clock } = service;
  const record = await known.of(group);
  const { held, left } = parted(group, (each) => wasTold(each, record));
  run.forget(held);
  if (left === undefined) return { kind: 'held' };
  const admission = admit(left, { known: record, over, now: clock.now() });
  if (admission.kind === 'told') run.forget(everyOf(left));
  if (admission.kind === 'hold') return { kind: 'held', until: admission.until };
  if (admission.kind === 'told') return { kind: 'held' };
  const { before, retold, names } = admission;
  const shown = { ...(await withWhole(telling, left)), before, retold, names };
  const delivery = await notifier.deliver(renderMessage(shown, { ...settings, sentAt: clock.now() }));
  await service.metrics.record([outcomeOf(delivery)], clock.now());
  if (delivery.kind === 'failed') return delivery;
  run.forget(everyOf(left));
  await known.write(admission.record);
  return delivery;
}

/** Takes alerts that were last reported in another group, whose function or owner they had then, out of its record. */
async function leaveOthers(
  { service, known }: Telling,
  notifications: readonly Notification[],
): Promise<void> {
  const left = notifications.flatMap(({ toldWith, ...each }) =>
    toldWith === undefined
      ? []
      : [{ ...each, ...toldWith, transition: 'repeated' as const, reason: 'repeat-interval' as const }],
  );
  for (const other of grouped(left)) {
    const record = await known.of(other);
    const isMember = other.notifications.some((each) => record?.members[memberOf(each)] !== undefined);
    if (record !== undefined && isMember) await known.write(withEnded(record, other, service.clock.now()));
  }
}

/** The group with all that its message shows of single alerts: the first of each code. */
async function withWhole({ waiting }: Telling, group: Group): Promise<Group> {
  const firsts = new Map([...group.notifications].reverse().map((each) => [each.code, each]));
  const whole = new Map<Notification, Notification>();
  for (const each of firsts.values()) whole.set(each, await waiting.whole(each));
  return { ...group, notifications: group.notifications.map((each) => whole.get(each) ?? each) };
}

const outcomeOf = (delivery: Delivery): Datapoint =>
  delivery.kind === 'delivered'
    ? { name: 'NotificationsDelivered', value: 1 }
    : { name: 'NotificationsFailed', value: 1, dimensions: { Reason: delivery.reason } };

/** Wakes the delivery once more: a run that stored something while another was expected soon has not asked for one. */
async function wakeForNext({ queue, clock }: Delivering, groups: readonly Group[]): Promise<void> {
  const now = clock.now();
  const next = groups.map(dueAt).filter((at) => at > later(now, CLOCK_SKEW_MS));
  if (next.length > 0) await queue.wake(Math.ceil((Math.min(...next) - now) / SECOND));
}

/** Parts of the service that note the outcome of a delivery run. */
type Noting = Pick<Service, 'clock' | 'store' | 'metrics' | 'healthNotifier' | 'log' | 'settings'>;

/** A delivery run that has ended. */
interface EndedRun {
  /** The record as it was read before the run. */
  readonly record: TargetRecord;
  readonly run: DeliveryRun;
  /** Notifications that the run did not deliver, for whatever reason. */
  readonly unsaid: readonly Notification[];
}

/**
 * Remembers what the channel refused, and reports on the other path when alerts do not arrive, and when they arrive
 * again.
 */
async function noteOutcome(service: Noting, { record, run, unsaid }: EndedRun): Promise<void> {
  const { refusals } = run;
  if (JSON.stringify(refusals) !== JSON.stringify(record.refusals)) {
    await updateTarget(service.store, service.settings.target, (current) => ({ ...current, refusals }));
  }
  const late = await lateNotifications(service, unsaid);
  await noteHealth(service, { by: 'deliver', sights: sightsOf(run, late.length), record });
}

/** A failure that may pass is none of health's business until it has lasted. */
function sightsOf({ refused, failures, left }: DeliveryRun, late: number): readonly HealthSight[] {
  const reasons = [...new Set([...refused, ...failures])].sort().join(', ');
  const lasting = failures.length > 0 && late > 0;
  if (refused.length > 0 || lasting) {
    const seen = `${plural(left, 'notification')} could not be delivered to the alert topic: ${reasons}.`;
    return [{ code: 'undeliverable', holds: true, seen }];
  }
  return failures.length === 0 && late === 0 ? [{ code: 'undeliverable', holds: false }] : [];
}
