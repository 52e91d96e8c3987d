import { later, SECOND } from '../../calendar/instant.ts';
import type { SimulatorClock } from '../time/clock.ts';
import { notificationOf, UNSIGNED } from './envelope.ts';
import type { HttpPost } from './http-post.ts';
import type { Publication, Subscription } from './topic.ts';

/** Dependencies of posting to subscribers. */
export interface HttpDeliveryParts {
  readonly clock: SimulatorClock;
  readonly post: HttpPost;
  readonly uuid: () => string;
  /** Returns the address of this simulator's SNS. */
  readonly endpoint: () => string;
}

/**
 * Further tries of SNS after a failure, 20 seconds apart.
 * https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.retry.html
 */
const RETRIES = 3;
const RETRY_AFTER_MS: number = 20 * SECOND;

/**
 * Posts messages to subscribers over HTTP and HTTPS, each when the clock comes to it.
 * https://docs.aws.amazon.com/sns/latest/dg/http-header.html
 */
export class HttpDelivery {
  readonly #parts: HttpDeliveryParts;

  constructor(parts: HttpDeliveryParts) {
    this.#parts = parts;
  }

  /** Posts a notification; raw ones carry neither envelope nor attributes. */
  notify(subscription: Subscription, publication: Publication, message: string): void {
    const { clock } = this.#parts;
    const isRaw = subscription.attributes.get('RawMessageDelivery') === 'true';
    const envelope = notificationOf(subscription, { publication, message, now: clock.now() });
    this.#send(subscription, {
      type: 'Notification',
      messageId: publication.messageId,
      headers: {
        'x-amz-sns-subscription-arn': subscription.arn,
        ...(isRaw && { 'x-amz-sns-rawdelivery': 'true' }),
      },
      body: isRaw ? message : JSON.stringify(envelope),
    });
  }

  /** Asks a new subscriber to visit the SubscribeURL, or to pass the token on to ConfirmSubscription. */
  askToConfirm(subscription: Subscription, token: string): void {
    const { clock, uuid, endpoint } = this.#parts;
    const { topicArn } = subscription;
    const messageId = uuid();
    const query = new URLSearchParams({ Action: 'ConfirmSubscription', TopicArn: topicArn, Token: token });
    const body = JSON.stringify({
      Type: 'SubscriptionConfirmation',
      MessageId: messageId,
      Token: token,
      TopicArn: topicArn,
      Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
      SubscribeURL: `${endpoint()}/?${query}`,
      Timestamp: new Date(clock.now()).toISOString(),
      ...UNSIGNED,
    });
    this.#send(subscription, { type: 'SubscriptionConfirmation', messageId, headers: {}, body });
  }

  #send({ endpoint: url, topicArn }: Subscription, { type, messageId, headers, body }: Posting): void {
    const message = {
      url,
      headers: {
        'content-type': 'text/plain; charset=UTF-8',
        'user-agent': 'Amazon Simple Notification Service Agent',
        'x-amz-sns-message-type': type,
        'x-amz-sns-message-id': messageId,
        'x-amz-sns-topic-arn': topicArn,
        ...headers,
      },
      body,
    };
    this.#plan(() => this.#parts.post(message), 0, 0);
  }

  #plan(post: () => ReturnType<HttpPost>, afterMs: number, retries: number): void {
    const { clock } = this.#parts;
    clock.schedule(later(clock.now(), afterMs), async () => {
      const isTaken = await post().then(
        ({ status }) => isAnswer(status),
        () => false,
      );
      if (!isTaken && retries < RETRIES) this.#plan(post, RETRY_AFTER_MS, retries + 1);
    });
  }
}

interface Posting {
  readonly type: 'Notification' | 'SubscriptionConfirmation';
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A status from 200 to 4xx ends the delivery. https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html */
const isAnswer = (status: number): boolean => status >= 200 && status < 500;
