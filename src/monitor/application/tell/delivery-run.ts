import { type Instant, instant, later, SECOND } from '../../../calendar/instant.ts';
import { hopOf, MAX_HOPS } from '../../domain/alert/delivery-hop.ts';
import { everyOf, type Group, keyOfGroup } from '../../domain/alert/group.ts';
import type { Notification } from '../../domain/alert/notification.ts';
import { EVERY_GROUP, holdingBack, type Refusal } from '../../domain/alert/refusal.ts';
import type { Delivery, DeliveryFailureReason } from '../../ports/tell/notifier.ts';
import type { Service } from '../service.ts';

/** The outcome of one group. */
export type GroupOutcome =
  | Delivery
  /** It was sent before, or waits on purpose: until then at the latest. */
  | { readonly kind: 'held'; readonly until?: Instant };

/** Refusals that concern the channel, whatever the message: trying the next one is in vain. */
const OF_THE_CHANNEL: ReadonlySet<DeliveryFailureReason> = new Set(['denied', 'not-found']);

/** The results of one delivery run so far. */
export class DeliveryRun {
  #refusals: readonly Refusal[];
  readonly #left = new Set<Notification>();
  readonly #failures: string[] = [];
  readonly #refused: string[] = [];
  readonly #done = new Set<Notification>();
  readonly #errors: unknown[] = [];
  #delivered = 0;
  #heldUntil: Instant | undefined;

  /** `refusals` of earlier runs keep their groups from being tried. */
  constructor(refusals: readonly Refusal[]) {
    this.#refusals = refusals;
  }

  get delivered(): number {
    return this.#delivered;
  }

  /** Failures of messages that may soon pass. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  /** Refusals of messages, in this run or in one before. */
  get refused(): readonly string[] {
    return this.#refused;
  }

  /** The refusals to remember. */
  get refusals(): readonly Refusal[] {
    return this.#refusals;
  }

  /** Other failures of groups; the messages of some were sent even so. */
  get errors(): readonly unknown[] {
    return this.#errors;
  }

  /** Notifications that were sent, now or before, or that need not be sent: they can be cleared. */
  get done(): readonly Notification[] {
    return [...this.#done];
  }

  /** Time at which the first of the groups that wait on purpose may be sent; undefined where none waits. */
  get heldUntil(): Instant | undefined {
    return this.#heldUntil;
  }

  /** Number of notifications that the channel did not take. */
  get left(): number {
    return this.#left.size;
  }

  /**
   * Whether the group is not to be tried now; it then counts as refused. A channel that takes nothing holds back only
   * what goes there alone.
   */
  holdsBack(group: Group, goesThereAlone: boolean): boolean {
    const concerning = this.#refusals.filter((each) => goesThereAlone || each.group !== EVERY_GROUP);
    const refusal = holdingBack(concerning, keyOfGroup(group));
    if (refusal !== undefined) this.#refuse(group, refusal.reason);
    return refusal !== undefined;
  }

  /** Takes down what became of a group that was tried. */
  note(group: Group, outcome: GroupOutcome, at: Instant): void {
    if (outcome.kind === 'delivered') {
      this.#delivered += 1;
    }
    if (outcome.kind === 'held' && outcome.until !== undefined) {
      this.#heldUntil = instant(Math.min(outcome.until, this.#heldUntil ?? outcome.until));
    }
    if (outcome.kind !== 'failed') return;
    const { reason, retryable } = outcome;
    if (retryable) {
      this.#failures.push(reason);
      for (const each of everyOf(group)) this.#left.add(each);
      return;
    }
    const key = OF_THE_CHANNEL.has(reason) ? EVERY_GROUP : keyOfGroup(group);
    this.#refusals = [...this.#refusals, { group: key, reason, at }];
    this.#refuse(group, reason);
  }

  /** Takes down an error that concerns one group. */
  fail(error: unknown): void {
    this.#errors.push(error);
  }

  /** Takes down what can be cleared. */
  forget(notifications: readonly Notification[]): void {
    for (const each of notifications) this.#done.add(each);
  }

  /** Whether the notification can be cleared. */
  isDone(notification: Notification): boolean {
    return this.#done.has(notification);
  }

  #refuse(group: Group, reason: string): void {
    this.#refused.push(reason);
    for (const each of everyOf(group)) this.#left.add(each);
  }
}

/** One invocation that delivers. */
export interface DeliveryTurn {
  /** Time to leave the rest to the next run; undefined where time does not run out. */
  readonly handOverAt: Instant | undefined;
  /** Number of runs in a row that have led to this one. */
  readonly hop: number;
}

/** A run that time does not stop. */
export const UNHURRIED: DeliveryTurn = { handOverAt: undefined, hop: 0 };

/** Time to finish the sends under way and to note their outcome. */
const MARGIN_MS: number = 10 * SECOND;

/** The turn of an invocation with so much time left, woken by messages with these texts. */
export const deliveryTurn = (now: Instant, remainingMs: number, texts: readonly string[]): DeliveryTurn => ({
  handOverAt: later(now, Math.max(0, remainingMs - MARGIN_MS)),
  hop: hopOf(texts),
});

/** Has another run go on, unless too many have in a row: then the next sweep has it done. */
export async function goOn(
  { queue, log }: Pick<Service, 'queue' | 'log'>,
  seconds: number,
  { hop }: DeliveryTurn,
): Promise<void> {
  if (hop < MAX_HOPS) return queue.wake(seconds, hop + 1);
  log({ level: 'error', message: 'A delivery was handed over too often', details: { times: hop } });
}
