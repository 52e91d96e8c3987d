import { AwsError } from '../call/aws-error.ts';
import type { Random } from '../call/random.ts';
import type { Home } from '../call/service.ts';
import { permits, readPolicy } from '../iam/policy.ts';
import type { SimulatorClock } from '../time/clock.ts';
import type { Draft, ReceivedMessage } from './message.ts';
import { Queue, type ReceiveOptions } from './queue.ts';

/** Dependencies of the queues. */
export interface QueuesDependencies {
  readonly clock: SimulatorClock;
  readonly random: Random;
  readonly home: Home;
  /** Returns the base of queue URLs; it may change when the simulator begins to listen. */
  readonly endpoint: () => string;
}

/** Attributes of a queue on which nothing was set; MaximumMessageSize is 1 MiB since 2025. */
const DEFAULTS: Readonly<Record<string, string>> = {
  VisibilityTimeout: '30',
  DelaySeconds: '0',
  MessageRetentionPeriod: '345600',
  MaximumMessageSize: '1048576',
  ReceiveMessageWaitTimeSeconds: '0',
};

/** A service that sends, and on whose behalf. */
export interface Sender {
  /** Such as `sns.amazonaws.com`. */
  readonly service: string;
  readonly sourceArn: string;
}

/** All queues of the account. */
export class Queues {
  readonly #dependencies: QueuesDependencies;
  readonly #byName = new Map<string, Queue>();

  constructor(dependencies: QueuesDependencies) {
    this.#dependencies = dependencies;
  }

  /** Makes a queue; answers the one that exists when its attributes are the same. */
  create(name: string, attributes: Readonly<Record<string, string>>): Queue {
    const existing = this.#byName.get(name);
    if (existing !== undefined) return withSame(existing, attributes);
    const { account, region } = this.#dependencies.home;
    const queue = new Queue(name, `arn:aws:sqs:${region}:${account}:${name}`, this.#dependencies);
    for (const [key, value] of Object.entries({ ...DEFAULTS, ...attributes }))
      queue.attributes.set(key, value);
    this.#byName.set(name, queue);
    return queue;
  }

  remove(queue: Queue): void {
    this.#byName.delete(queue.name);
  }

  /** The queue with this name, URL or ARN; fails with QueueDoesNotExist. */
  find(nameUrlOrArn: string): Queue {
    const found = this.#byName.get(nameUrlOrArn.split(/[/:]/).at(-1) ?? '');
    if (found !== undefined) return found;
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  }

  all(): readonly Queue[] {
    return [...this.#byName.values()];
  }

  /** The URL that clients use for a queue. */
  url(queue: Queue): string {
    return `${this.#dependencies.endpoint()}/${this.#dependencies.home.account}/${queue.name}`;
  }

  /**
   * Delivers for another service; false when there is no such queue, or when its policy does not let the sender in. A
   * queue without a policy takes everything.
   */
  deliver(arn: string, draft: Draft, sender?: Sender): boolean {
    const queue = this.#byName.get(arn.split(':').at(-1) ?? '');
    if (queue === undefined || !admits(queue, sender)) return false;
    queue.send(draft);
    return true;
  }

  /** Receives from a queue; messages received too often go to its dead-letter queue. */
  receive(queue: Queue, options: ReceiveOptions): readonly ReceivedMessage[] {
    return queue.receive(options, (message) => {
      const target = this.#byName.get(queue.redrive()?.deadLetterTargetArn.split(':').at(-1) ?? '');
      target?.adopt(message, queue.arn);
      return target !== undefined;
    });
  }
}

function admits(queue: Queue, sender: Sender | undefined): boolean {
  const policy = queue.attributes.get('Policy') ?? '';
  if (policy === '' || sender === undefined) return true;
  return permits(readPolicy(policy), 'sqs:SendMessage', {
    principals: [],
    services: [sender.service],
    keys: { 'aws:sourcearn': sender.sourceArn, 'aws:securetransport': 'true' },
  });
}

function withSame(queue: Queue, attributes: Readonly<Record<string, string>>): Queue {
  for (const [name, value] of Object.entries(attributes)) {
    if (queue.attributes.get(name) === value) continue;
    const message = `A queue already exists with the same name and a different value for attribute ${name}`;
    throw new AwsError('QueueNameExists', message);
  }
  return queue;
}
