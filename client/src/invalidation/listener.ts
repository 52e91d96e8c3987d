import { setTimeout as pause } from 'node:timers/promises';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { type Lazy, lazily } from '../aws/lazy-client.ts';
import { callSafely } from '../cache/cache-events.ts';
import type { SecretCache } from '../cache/secret-cache.ts';
import { Follower, type InvalidationEvent, type RefreshableAgent } from './follower.ts';
import { type LeaseOptions, Leases, thisProcess } from './leases.ts';
import { type Move, parseMove } from './move.ts';
import { collectOrphans, isGone, makeQueue, type OwnQueue, type QueueParts, RENEW_MS } from './own-queue.ts';

/** Options for listening to moves of AWSCURRENT. */
export interface ListenOptions {
  readonly cache: SecretCache;
  /** The topic that the construct makes. The process makes a queue of its own on it. */
  readonly topicArn?: string | undefined;
  /** Begins the name of that queue. @default 'secret-rotation-client-' */
  readonly queuePrefix?: string | undefined;
  /** A queue that is there already and that nobody else reads from, in the place of a topic. */
  readonly queueUrl?: string | undefined;
  /** Secrets to follow, by name or ARN. @default those that the cache has read */
  readonly secretIds?: readonly string[] | undefined;
  /** A local agent that other processes read from, to be refreshed too. */
  readonly agent?: RefreshableAgent | undefined;
  /** Says to the monitor which versions are in use. */
  readonly lease?: LeaseOptions | undefined;
  /** Name of this process in queues, leases and alerts. @default host, process id and a few characters of chance */
  readonly consumer?: string | undefined;
  readonly onEvent?: ((event: InvalidationEvent) => void) | undefined;
  /** Client of SQS, or what makes one. @default the SDK's own chain */
  readonly sqs?: Lazy<SQSClient> | undefined;
  /** Client of SNS, or what makes one. @default the SDK's own chain */
  readonly sns?: Lazy<SNSClient> | undefined;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** A number in [0, 1). @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** Counts of a listener since it started. */
export interface ListenerStats {
  /** Messages that reported a move. */
  readonly received: number;
  /** Messages that are none of ours. */
  readonly unrecognised: number;
  /** Moves after which the cache held the version in use. */
  readonly confirmed: number;
  /** Mean time from the move of AWSCURRENT to its use, in milliseconds. */
  readonly meanMs: number;
}

const LONGEST_PAUSE_MS = 30_000;
/** Time between two looks for leases that are due for renewal, in milliseconds. */
const LEASE_LOOK_MS = 5_000;

/**
 * Keeps a cache at the version in use: each move of AWSCURRENT that the application bus reports leads to a read within
 * the second. Failures are reported by `onEvent` and tried again; the cache goes on by its own time in the meantime.
 *
 * @throws {TypeError} There is neither a topic nor a queue, or both.
 *
 * @example
 * const listener = listenForRotations({ cache, topicArn: process.env.ROTATION_TOPIC_ARN });
 * await listener.ready();
 * process.once('SIGTERM', () => void listener.close());
 */
export function listenForRotations(options: ListenOptions): RotationListener {
  return new RotationListener(options);
}

/** A process's ear on the application bus. Close it: its long polls keep the process alive, and its queue stays. */
export class RotationListener implements AsyncDisposable {
  readonly #sqs: () => Promise<SQSClient>;
  readonly #parts: QueueParts | undefined;
  readonly #queueUrl: string | undefined;
  readonly #follower: Follower;
  readonly #leases: Leases | undefined;
  readonly #abort = new AbortController();
  #poll = new AbortController();
  readonly #onEvent: (event: InvalidationEvent) => void;
  readonly #counts = { received: 0, unrecognised: 0, confirmed: 0, ms: 0 };
  readonly #timer: NodeJS.Timeout;
  readonly #now: () => number;
  #own: OwnQueue | undefined;
  #renewedAt = 0;
  #isFailing = false;
  #isReady: () => void = () => undefined;
  #neverReady: (reason: Error) => void = () => undefined;
  readonly #ready: Promise<void>;
  readonly #loop: Promise<void>;
  #closing: Promise<void> | undefined;

  constructor(options: ListenOptions) {
    const { topicArn, queueUrl, cache, secretIds, agent, now = Date.now } = options;
    if ((topicArn === undefined) === (queueUrl === undefined))
      throw new TypeError('Cannot listen for rotations: give a topic or a queue');
    const { consumer = thisProcess() } = options;
    this.#sqs = lazily(options.sqs ?? (() => import('@aws-sdk/client-sqs').then(sqsClient)));
    this.#parts = topicArn === undefined ? undefined : this.#queueParts(options, { topicArn, consumer, now });
    this.#queueUrl = queueUrl;
    this.#now = now;
    this.#onEvent = options.onEvent ?? (() => undefined);
    const emit = (event: InvalidationEvent) => this.#emit(event);
    this.#follower = new Follower({ cache, secretIds, agent, emit, now });
    this.#leases = options.lease && new Leases(options.lease, { cache, consumer, secretIds, emit, now });
    this.#ready = new Promise((resolve, reject) => {
      this.#isReady = resolve;
      this.#neverReady = reject;
    });
    this.#ready.catch(() => undefined);
    this.#timer = setInterval(() => this.#leases?.touch(), LEASE_LOOK_MS).unref();
    this.#loop = this.#listen();
  }

  /** Resolves once the process receives moves and has read again what it held before; rejects when it never will. */
  ready(): Promise<void> {
    return this.#ready;
  }

  /** Counts since the start, with the delays of reported moves. */
  stats(): ListenerStats {
    const { ms, ...counts } = this.#counts;
    return { ...counts, meanMs: counts.confirmed === 0 ? 0 : ms / counts.confirmed };
  }

  /** Ends listening, and removes the queue and the leases of this process. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  /** Closes the listener at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(): Promise<void> {
    this.#neverReady(new Error('Cannot listen for rotations: the listener was closed'));
    this.#abort.abort();
    this.#poll.abort();
    clearInterval(this.#timer);
    this.#follower.close();
    await this.#loop;
    await this.#leases?.close();
    // What is left behind, another process collects.
    await this.#own
      ?.remove()
      .catch((error: unknown) => this.#emit({ type: 'failed', what: 'listen', error }));
    this.#own = undefined;
  }

  async #listen(): Promise<void> {
    let url: string | undefined;
    let pauseMs = 500;
    while (!this.#abort.signal.aborted) {
      try {
        url ??= await this.#start();
        await this.#receive(url);
        await this.#renew();
        pauseMs = 500;
        this.#isFailing = false;
      } catch (error) {
        if (this.#abort.signal.aborted) break;
        if (this.#own !== undefined && isGone(error)) this.#own = url = undefined;
        this.#failed('listen', error);
        await pause(pauseMs, undefined, { signal: this.#abort.signal }).catch(() => undefined);
        pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      }
    }
  }

  /** Opens the queue; what moved before it was subscribed is read, not heard. */
  async #start(): Promise<string> {
    const parts = this.#parts;
    if (parts !== undefined) {
      this.#own ??= await makeQueue(parts);
      this.#renewedAt = this.#now();
      collectOrphans(parts).catch((error: unknown) => this.#failed('listen', error));
    }
    const queueUrl = this.#own?.url ?? this.#queueUrl ?? '';
    await this.#follower.readAll();
    await this.#leases?.settled();
    this.#emit({ type: 'listening', queueUrl });
    this.#isReady();
    return queueUrl;
  }

  async #receive(QueueUrl: string): Promise<void> {
    const { ReceiveMessageCommand, DeleteMessageBatchCommand } = await import('@aws-sdk/client-sqs');
    const sqs = await this.#sqs();
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 });
    // One a poll: handlers of the SDK leave a listener on the signal.
    this.#poll = new AbortController();
    if (this.#abort.signal.aborted) return;
    const { Messages = [] } = await sqs.send(command, { abortSignal: this.#poll.signal });
    const taken = await Promise.all(Messages.map((message) => this.#take(message)));
    const Entries = Messages.flatMap(({ ReceiptHandle }, index) =>
      taken[index] === true ? [{ Id: String(index), ReceiptHandle }] : [],
    );
    if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }

  /** Whether the message is done with; one whose secret could not be read comes again. */
  async #take({ Body = '' }: Message): Promise<boolean> {
    const move: Move | undefined = parseMove(Body);
    if (move === undefined) {
      this.#counts.unrecognised++;
      return true;
    }
    this.#counts.received++;
    try {
      await this.#follower.take(move);
      await this.#leases?.settled();
      return true;
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#failed('look', error);
      return false;
    }
  }

  async #renew(): Promise<void> {
    const since = this.#now() - this.#renewedAt;
    // A clock that was set back makes the queue look left behind to others.
    if (this.#own === undefined || (since >= 0 && since < RENEW_MS)) return;
    await this.#own.renew();
    this.#renewedAt = this.#now();
  }

  #failed(what: 'listen' | 'look', error: unknown): void {
    if (!this.#isFailing) this.#emit({ type: 'failed', what, error });
    this.#isFailing = true;
  }

  #emit(event: InvalidationEvent): void {
    if (event.type === 'confirmed') {
      this.#counts.confirmed++;
      this.#counts.ms += event.ms;
    }
    callSafely(() => this.#onEvent(event));
  }

  #queueParts(
    { queuePrefix = 'secret-rotation-client-', sns, random = Math.random }: ListenOptions,
    given: Pick<QueueParts, 'topicArn' | 'consumer' | 'now'>,
  ): QueueParts {
    const makeSns = () => import('@aws-sdk/client-sns').then(({ SNSClient: Client }) => new Client({}));
    return { ...given, queuePrefix, random, sqs: this.#sqs, sns: lazily(sns ?? makeSns) };
  }
}

const sqsClient = ({ SQSClient: Client }: typeof import('@aws-sdk/client-sqs')): SQSClient => new Client({});
