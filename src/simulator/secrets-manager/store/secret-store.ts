import { type Instant, later } from '../../../calendar/instant.ts';
import type { Random } from '../../call/random.ts';
import type { Home } from '../../call/service.ts';
import type { Secret, SecretState } from './secret.ts';
import { secretArn, secretNameOf } from './secret-arn.ts';
import { type Position, type SecretOrder, type Slice, SortedSecrets } from './sorted-secrets.ts';

/**
 * The cause of a change: a rotation (its function's calls included), the copying to its replicas, or somebody's call.
 */
export type ChangeCause = 'rotation' | 'replication' | 'call';

/** A change as it is committed. */
export interface Commit {
  readonly at: Instant;
  readonly cause: ChangeCause;
  /** The API operation, or undefined when the service changed the secret by itself. */
  readonly operation: string | undefined;
}

/** A change as listeners see it; `before` is undefined for a new secret. */
export interface Change extends Commit {
  readonly secret: Secret;
  readonly before: SecretState | undefined;
  readonly after: SecretState;
}

/** Takes part in every change, at once and in the order of subscription. */
export type ChangeListener = (change: Change) => void;

type Stored = { -readonly [Key in keyof Secret]: Secret[Key] };

/** All secrets of the account and Region. */
export class SecretStore {
  readonly #byName = new Map<string, Stored>();
  readonly #byArn = new Map<string, Stored>();
  readonly #sorted = new SortedSecrets();
  /** The state that lists show; AWS names five minutes as their longest lag. */
  readonly lists: LaggingView;
  /** The state that DescribeSecret shows to anybody but rotation functions. */
  readonly descriptions: LaggingView;
  readonly #listeners: ChangeListener[] = [];
  readonly #home: Home;
  readonly #random: Random;
  #order = 0;

  constructor(home: Home, random: Random) {
    this.#home = home;
    this.#random = random;
    this.lists = new LaggingView(random);
    this.descriptions = new LaggingView(random);
  }

  /** Secrets that exist, those marked for deletion included. */
  get size(): number {
    return this.#byName.size;
  }

  onChange(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  /** The secret with this name, full ARN or ARN without its six random characters. */
  find(id: string): Secret | undefined {
    const name = secretNameOf(this.#home, id);
    return this.#byArn.get(id) ?? (name === undefined ? undefined : this.#byName.get(name));
  }

  /** Puts a secret in without notifying the listeners; the end of its ARN comes by chance. */
  seed(name: string, state: SecretState, arnSuffix: string = this.#random.letters(6)): Secret {
    const arn = secretArn(this.#home, name, arnSuffix);
    const secret: Stored = { arn, name, order: this.#order++, state };
    this.#byName.set(name, secret);
    this.#byArn.set(arn, secret);
    this.#sorted.add(secret);
    return secret;
  }

  /** Adds a secret as CreateSecret does. */
  create(name: string, state: SecretState, commit: Commit): Secret {
    const secret = this.seed(name, state);
    this.lists.note(secret, undefined, commit.at);
    this.#tell({ ...commit, secret, before: undefined, after: state });
    return secret;
  }

  /** Replaces the state of a secret. */
  commit(secret: Secret, after: SecretState, commit: Commit): void {
    const before = secret.state;
    if (before === after) return;
    this.lists.note(secret, before, commit.at);
    this.descriptions.note(secret, before, commit.at);
    this.#replace(secret, after);
    this.#tell({ ...commit, secret, before, after });
  }

  /** Notes a read: changes dates only, which is neither history nor a change of the secret. */
  touch(secret: Secret, after: SecretState): void {
    this.#replace(secret, after);
  }

  /** Removes a secret for good. */
  remove(secret: Secret): void {
    this.#byName.delete(secret.name);
    this.#byArn.delete(secret.arn);
    this.#sorted.remove(secret);
    this.lists.forget(secret);
    this.descriptions.forget(secret);
  }

  /** Secrets in order, from just after a position. */
  from(order: SecretOrder, after: Position | undefined): Slice {
    return this.#sorted.from(order, after);
  }

  /** Every secret, in the order of creation. */
  all(): Iterable<Secret> {
    return this.#byName.values();
  }

  #replace(secret: Secret, after: SecretState): void {
    const stored = this.#byArn.get(secret.arn);
    if (stored !== undefined) stored.state = after;
    this.#sorted.changed();
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** The old state of a secret, shown until a change becomes visible. */
interface Lagging {
  readonly state: SecretState | undefined;
  readonly visibleAt: Instant;
}

/** Secrets as one kind of read shows them: perhaps as they were a moment ago. */
class LaggingView {
  readonly #lagging = new Map<Secret, Lagging>();
  readonly #random: Random;

  /** Most milliseconds by which the view lags behind, each change by chance; 0 for a view that does not. */
  delayMs = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Notes that a secret changes at `now`; `before` is undefined for a new one. */
  note(secret: Secret, before: SecretState | undefined, now: Instant): void {
    if (this.delayMs <= 0) return;
    const lagging = this.#lagging.get(secret);
    if (lagging !== undefined && lagging.visibleAt > now) return;
    const visibleAt = later(now, this.#random.below(this.delayMs) + 1);
    this.#lagging.set(secret, { state: before, visibleAt });
  }

  /** Returns the visible state of a secret at `now`; undefined while a new secret is not yet visible. */
  stateOf(secret: Secret, now: Instant): SecretState | undefined {
    const lagging = this.#lagging.get(secret);
    if (lagging === undefined) return secret.state;
    if (lagging.visibleAt > now) return lagging.state;
    this.#lagging.delete(secret);
    return secret.state;
  }

  /** Forgets a secret that is removed for good. */
  forget(secret: Secret): void {
    this.#lagging.delete(secret);
  }
}
