import type { Instant } from '../../../calendar/instant.ts';
import { everyOf, type Group, keyOfGroup } from '../../domain/alert/group.ts';
import type { Notification } from '../../domain/alert/notification.ts';
import { EVERY_GROUP, holdingBack, type Refusal } from '../../domain/alert/refusal.ts';
import type { Delivery, DeliveryFailureReason } from '../../ports/tell/notifier.ts';

/** The outcome of one group. */
export type GroupOutcome =
  | Delivery
  /** It waits on purpose, or was sent before. */
  | { readonly kind: 'held' };

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
