import type { Notification } from '../../domain/alert/notification.ts';
import type { SecretState } from '../../domain/state/secret-state.ts';
import { StoreError } from '../../ports/store/store-error.ts';
import { forEachLimited } from '../for-each-limited.ts';
import type { Service } from '../service.ts';

type Store = Pick<Service['store'], 'read' | 'write' | 'forEachUndelivered'>;

/** States that a delivery holds whole: what it sends at once needs no second read. */
const MAX_WHOLE = 1000;
/** Outboxes cleared in parallel. */
const CLEARED_AT_ONCE = 10;
/** Attempts to clear one outbox, started again when another run wrote first. */
const MAX_CLEARINGS = 10;

/**
 * Everything that waits to be sent, as the index showed it. Some states are held whole; of further ones only what sorts
 * and counts messages, so that 100,000 find room.
 */
export class Waiting {
  readonly #store: Store;
  readonly #mostWhole: number;
  readonly #states = new Map<string, SecretState>();
  readonly #notifications: Notification[] = [];
  readonly #brief = new WeakSet<Notification>();
  readonly #texts = new Map<string, string>();

  /** Holds at most `mostWhole` states whole: none for whoever only counts. */
  constructor(store: Store, mostWhole: number = MAX_WHOLE) {
    this.#store = store;
    this.#mostWhole = mostWhole;
  }

  /** Some of them lack why, risk and advice: {@link Waiting.whole} finds those. */
  get notifications(): readonly Notification[] {
    return this.#notifications;
  }

  /** Reads all pages; an index that fails midway leaves nothing to be sent on half of the pages. */
  async read(): Promise<void> {
    await this.#store.forEachUndelivered(async (states) => {
      for (const state of states) this.#take(state);
    });
  }

  /** The notification with all it says; as it is where the state does not have it any longer. */
  async whole(notification: Notification): Promise<Notification> {
    if (!this.#brief.has(notification)) return notification;
    const state = await this.#store.read(notification.secretArn);
    return state?.outbox.find(({ id }) => id === notification.id) ?? notification;
  }

  /**
   * Clears the notifications that were sent: one conditional write a secret, ten in parallel, one that fails stops no
   * other. Stops when it is late; answers whether all is cleared, and the errors.
   */
  async clear(
    told: readonly Notification[],
    isLate: () => boolean,
  ): Promise<{ readonly isDone: boolean; readonly errors: readonly unknown[] }> {
    const ids = new Set(told.map(({ id }) => id));
    const errors: unknown[] = [];
    const clearAll = async (states: readonly SecretState[]) => {
      const concerned = states.filter(({ outbox }) => outbox.some(({ id }) => ids.has(id)));
      const failed = await forEachLimited(concerned, CLEARED_AT_ONCE, async (state) => {
        if (!isLate()) await clear(this.#store, state, ids);
      });
      errors.push(...failed);
    };
    await clearAll([...this.#states.values()]);
    const isElsewhere = told.some(({ secretArn }) => !this.#states.has(secretArn));
    if (isElsewhere && !isLate()) {
      await this.#store.forEachUndelivered(async (states) => {
        if (!isLate()) await clearAll(states.filter(({ subject }) => !this.#states.has(subject)));
      });
    }
    return { isDone: ids.size === 0 || !isLate(), errors };
  }

  #take(state: SecretState): void {
    const isWhole = this.#states.size < this.#mostWhole;
    if (isWhole) this.#states.set(state.subject, state);
    for (const each of state.outbox) {
      const taken = isWhole ? each : this.#shortened(each);
      if (!isWhole) this.#brief.add(taken);
      this.#notifications.push(taken);
    }
  }

  #shortened(notification: Notification): Notification {
    const { finding, account, region, rotationFunctionArn, owner, transition } = notification;
    return {
      ...notification,
      account: this.#shared(account),
      region: this.#shared(region),
      rotationFunctionArn: rotationFunctionArn && this.#shared(rotationFunctionArn),
      owner: owner && this.#shared(owner),
      finding: {
        ...finding,
        what: transition === 'silenced' ? finding.what : '',
        why: [],
        blastRadius: '',
        advice: [],
      },
    };
  }

  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known === undefined) this.#texts.set(text, text);
    return known ?? text;
  }
}

async function clear(store: Store, seen: SecretState, ids: ReadonlySet<string>): Promise<void> {
  let state: SecretState | undefined = seen;
  for (let attempt = 0; attempt < MAX_CLEARINGS; attempt++) {
    if (state === undefined || !state.outbox.some(({ id }) => ids.has(id))) return;
    if ((await store.write(cleared(state, ids))) === 'written') return;
    state = await store.read(seen.subject);
  }
  throw new StoreError(`Cannot clear the outbox of "${seen.subject}": ${MAX_CLEARINGS} writers came first`, {
    reason: 'server',
    retryable: true,
  });
}

const cleared = (state: SecretState, ids: ReadonlySet<string>): SecretState => ({
  ...state,
  outbox: state.outbox.filter(({ id }) => !ids.has(id)),
});
