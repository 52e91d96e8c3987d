import type { Instant } from '../../calendar/instant.ts';
import type { Functions } from '../lambda/functions.ts';
import type { Queues } from '../sqs/queues.ts';
import type { SimulatorClock } from '../time/clock.ts';
import { notificationOf } from './envelope.ts';
import { wants } from './filter-policy.ts';
import type { HttpDelivery } from './http-delivery.ts';
import type { Publication, Subscription, Topic } from './topic.ts';

/** An e-mail as it is in the inbox of its reader. */
export interface Email {
  readonly at: Instant;
  readonly topicArn: string;
  readonly address: string;
  readonly subject: string;
  readonly message: string;
  /** Texts of the message attributes. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageId: string;
}

/** Dependencies of the delivery. */
export interface SnsDependencies {
  readonly clock: SimulatorClock;
  readonly queues: Queues;
  readonly functions: Functions;
  readonly http: HttpDelivery;
}

/** SQS takes at most so many attributes of a raw message; SNS drops messages that have more. */
const MAX_RAW_ATTRIBUTES = 10;

/** Delivers a message to the confirmed subscribers of a topic that want it; e-mails go to `inbox`. */
export function deliver(
  dependencies: SnsDependencies,
  topic: Topic,
  publication: Publication,
  inbox: Email[],
): void {
  for (const subscription of topic.subscriptions.values()) {
    if (subscription.pending || !wants(subscription, publication)) continue;
    const message = publication.messageFor(subscription.protocol);
    switch (subscription.protocol) {
      case 'email':
      case 'email-json':
        inbox.push(email(dependencies.clock.now(), subscription, publication, message));
        break;
      case 'sqs':
        toQueue(dependencies, subscription, publication, message);
        break;
      case 'lambda':
        toFunction(dependencies, subscription, publication, message);
        break;
      case 'http':
      case 'https':
        dependencies.http.notify(subscription, publication, message);
        break;
      case 'sms':
        // In the sandbox, where every account is here, a number that was not verified gets nothing.
        break;
    }
  }
}

/** Mails without a subject get one from SNS. */
const email = (
  at: Instant,
  { endpoint }: Subscription,
  publication: Publication,
  message: string,
): Email => ({
  at,
  topicArn: publication.topicArn,
  address: endpoint,
  subject: publication.subject ?? 'AWS Notification Message',
  message,
  attributes: Object.fromEntries(
    Object.entries(publication.attributes).map(([name, each]) => [
      name,
      each.StringValue ?? each.BinaryValue ?? '',
    ]),
  ),
  messageId: publication.messageId,
});

function toQueue(
  { clock, queues }: SnsDependencies,
  subscription: Subscription,
  publication: Publication,
  message: string,
): void {
  const { endpoint, attributes, topicArn } = subscription;
  const sender = { service: 'sns.amazonaws.com', sourceArn: topicArn };
  if (attributes.get('RawMessageDelivery') === 'true') {
    if (Object.keys(publication.attributes).length > MAX_RAW_ATTRIBUTES) return;
    queues.deliver(endpoint, { body: message, attributes: publication.attributes }, sender);
    return;
  }
  const body = notificationOf(subscription, { publication, message, now: clock.now() });
  queues.deliver(endpoint, { body: JSON.stringify(body) }, sender);
}

function toFunction(
  { clock, functions }: SnsDependencies,
  subscription: Subscription,
  publication: Publication,
  message: string,
): void {
  const { endpoint, arn } = subscription;
  if (!functions.has(endpoint)) return;
  const sns = notificationOf(subscription, { publication, message, now: clock.now() });
  const record = { EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: arn, Sns: sns };
  functions.invokeLater(endpoint, { Records: [record] });
}
