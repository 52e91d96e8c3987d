import type { Random } from '../call/random.ts';
import type { Home } from '../call/service.ts';
import { invalidParameter, notFound } from './errors.ts';
import type { Subscription, SubscriptionProtocol, Topic } from './topic.ts';

/** The topics and subscriptions of the account. */
export class Topics {
  readonly #home: Home;
  readonly #random: Random;
  readonly #byArn = new Map<string, Topic>();

  constructor(home: Home, random: Random) {
    this.#home = home;
    this.#random = random;
  }

  /** Makes a topic; answers the one that exists under this name. */
  create(name: string): Topic {
    if (!/^[\w-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
    const { account, region } = this.#home;
    const arn = `arn:aws:sns:${region}:${account}:${name}`;
    const topic = this.#byArn.get(arn) ?? {
      name,
      arn,
      attributes: new Map(),
      subscriptions: new Map(),
      deleted: 0,
    };
    this.#byArn.set(arn, topic);
    return topic;
  }

  /** The topic with this ARN; fails with NotFound. */
  find(arn: string): Topic {
    const topic = this.#byArn.get(arn);
    if (topic === undefined) throw notFound('Topic');
    return topic;
  }

  remove(arn: string): void {
    this.#byArn.delete(arn);
  }

  all(): readonly Topic[] {
    return [...this.#byArn.values()];
  }

  /** Every subscription of every topic. */
  subscriptions(): readonly Subscription[] {
    return this.all().flatMap((topic) => [...topic.subscriptions.values()]);
  }

  /** The subscription with this ARN; fails with NotFound. */
  subscription(arn: string): Subscription {
    const found = this.#byArn.get(topicArnOf(arn))?.subscriptions.get(arn);
    if (found === undefined) throw notFound('Subscription');
    return found;
  }

  /** Subscribes an endpoint; answers its subscription when it is there already. */
  subscribe(topic: Topic, protocol: SubscriptionProtocol, endpoint: string): Subscription {
    const existing = [...topic.subscriptions.values()].find(
      (each) => each.protocol === protocol && each.endpoint === endpoint,
    );
    if (existing !== undefined) return existing;
    const arn = `${topic.arn}:${this.#random.uuid()}`;
    const subscription = {
      arn,
      topicArn: topic.arn,
      protocol,
      endpoint,
      pending: false,
      attributes: new Map(),
    };
    topic.subscriptions.set(arn, subscription);
    return subscription;
  }

  unsubscribe(arn: string): void {
    const topic = this.#byArn.get(topicArnOf(arn));
    if (topic?.subscriptions.delete(arn)) topic.deleted += 1;
  }
}

const topicArnOf = (subscriptionArn: string): string => subscriptionArn.split(':').slice(0, 6).join(':');
