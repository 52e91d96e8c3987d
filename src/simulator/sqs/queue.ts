import { type Instant, later, SECOND } from '../../calendar/instant.ts';
import type { Random } from '../call/random.ts';
import type { SimulatorClock } from '../time/clock.ts';
import { type Draft, type QueuedMessage, type ReceivedMessage, receiptHandle } from './message.ts';

/** The dead-letter queue, and the number of receives after which messages go there. */
export interface Redrive {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Counts as GetQueueAttributes shows them. */
export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** A receiver's request. */
export interface ReceiveOptions {
  readonly max: number;
  /** Without it the queue's own timeout holds. */
  readonly visibilitySeconds?: number | undefined;
}

/** One standard queue. */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Instant;
  /** Time a message last came, was handed out or was deleted; the time of its creation before the first. */
  usedAt: Instant;
  /** Attributes as set, texts as SQS keeps them. */
  readonly attributes: Map<string, string>;
  readonly tags: Map<string, string> = new Map();
  readonly #clock: SimulatorClock;
  readonly #random: Random;
  readonly #messages = new Map<string, QueuedMessage>();
  readonly #listeners = new Set<(visibleAt: Instant) => void>();

  constructor(name: string, arn: string, { clock, random }: { clock: SimulatorClock; random: Random }) {
    this.name = name;
    this.arn = arn;
    this.createdAt = clock.now();
    this.usedAt = this.createdAt;
    this.attributes = new Map();
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Calls `listener` with the time at which a message will be there to be received, those that are hidden now included;
   * the answer ends that.
   */
  onVisible(listener: (visibleAt: Instant) => void): () => void {
    this.#listeners.add(listener);
    const now = this.#clock.now();
    for (const { visibleAt } of this.#messages.values()) if (visibleAt > now) listener(visibleAt);
    return () => void this.#listeners.delete(listener);
  }

  /** Adds a message. */
  send({ body, attributes = {}, delaySeconds = this.seconds('DelaySeconds') }: Draft): QueuedMessage {
    const now = this.#clock.now();
    const visibleAt = later(now, delaySeconds * SECOND);
    const message = { id: this.#random.uuid(), body, attributes, sentAt: now, visibleAt, receiveCount: 0 };
    this.#put(message);
    return message;
  }

  /** Takes over a message that another queue gave up. */
  adopt(message: QueuedMessage, deadLetterSourceArn: string): void {
    this.#put({ ...message, deadLetterSourceArn, visibleAt: this.#clock.now() });
  }

  /** Hands out visible messages and hides them; those received too often go to `deadLetter` instead. */
  receive(
    { max, visibilitySeconds }: ReceiveOptions,
    deadLetter: (message: QueuedMessage) => boolean,
  ): readonly ReceivedMessage[] {
    const now = this.#clock.now();
    const maxReceiveCount = this.redrive()?.maxReceiveCount ?? Number.POSITIVE_INFINITY;
    const hiddenUntil = later(now, (visibilitySeconds ?? this.seconds('VisibilityTimeout')) * SECOND);
    const received: ReceivedMessage[] = [];
    for (const message of this.#messages.values()) {
      if (received.length >= max) break;
      if (message.visibleAt > now || this.#dropExpired(message, now)) continue;
      if (message.receiveCount >= maxReceiveCount && deadLetter(message)) this.#messages.delete(message.id);
      else received.push(this.#handOut(message, now, hiddenUntil));
    }
    if (received.length > 0) {
      this.usedAt = now;
      this.#announce(hiddenUntil);
    }
    return received;
  }

  /** Deletes the message if `handle` is its latest; SQS answers success in any case. */
  delete(handle: string): void {
    const message = this.#byHandle(handle);
    if (message === undefined) return;
    this.usedAt = this.#clock.now();
    this.#messages.delete(message.id);
  }

  /** Hides a message for so many seconds from now; false when it is not in flight under this handle. */
  changeVisibility(handle: string, seconds: number): boolean {
    const message = this.#byHandle(handle);
    const now = this.#clock.now();
    if (message === undefined || message.visibleAt <= now) return false;
    message.visibleAt = later(now, seconds * SECOND);
    this.#announce(message.visibleAt);
    return true;
  }

  purge(): void {
    this.#messages.clear();
  }

  /** Messages there to be received, in flight, and not yet there. */
  depth(): QueueDepth {
    const now = this.#clock.now();
    const alive = [...this.#messages.values()].filter((message) => !this.#dropExpired(message, now));
    const hidden = alive.filter((message) => message.visibleAt > now);
    const inFlight = hidden.filter((message) => message.receiveCount > 0).length;
    return { visible: alive.length - hidden.length, inFlight, delayed: hidden.length - inFlight };
  }

  /** Returns the time at which the oldest remaining message was sent; undefined for an empty queue. */
  oldestSentAt(): Instant | undefined {
    const [oldest] = [...this.#messages.values()].toSorted((a, b) => a.sentAt - b.sentAt);
    return oldest?.sentAt;
  }

  /** The number that an attribute holds. */
  seconds(attribute: string): number {
    return Number(this.attributes.get(attribute) ?? 0);
  }

  /** The redrive policy; undefined when there is none. */
  redrive(): Redrive | undefined {
    const policy = this.attributes.get('RedrivePolicy');
    if (policy === undefined || policy === '') return undefined;
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy);
    return { deadLetterTargetArn: String(deadLetterTargetArn), maxReceiveCount: Number(maxReceiveCount) };
  }

  #put(message: QueuedMessage): void {
    this.usedAt = this.#clock.now();
    this.#messages.set(message.id, message);
    this.#announce(message.visibleAt);
  }

  #announce(visibleAt: Instant): void {
    for (const listener of this.#listeners) listener(visibleAt);
  }

  /** Whether the message was too old, in which case it is gone. */
  #dropExpired(message: QueuedMessage, now: Instant): boolean {
    const expired = now >= message.sentAt + this.seconds('MessageRetentionPeriod') * SECOND;
    if (expired) this.#messages.delete(message.id);
    return expired;
  }

  #handOut(message: QueuedMessage, now: Instant, hiddenUntil: Instant): ReceivedMessage {
    message.receiveCount += 1;
    message.firstReceivedAt ??= now;
    message.visibleAt = hiddenUntil;
    return { ...message, firstReceivedAt: message.firstReceivedAt, receiptHandle: receiptHandle(message) };
  }

  #byHandle(handle: string): QueuedMessage | undefined {
    const [id = ''] = handle.split('.');
    const message = this.#messages.get(id);
    return message !== undefined && receiptHandle(message) === handle ? message : undefined;
  }
}
