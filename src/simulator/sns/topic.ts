import type { Instant } from '../../calendar/instant.ts';
import type { EventPattern } from '../eventbridge/pattern.ts';

/** The protocols of subscribers; the other protocols of SNS are refused. */
export type SubscriptionProtocol = 'email' | 'email-json' | 'sqs' | 'lambda' | 'http' | 'https' | 'sms';

/** A subscriber to the messages of a topic. */
export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: SubscriptionProtocol;
  /** E-mail address, URL, telephone number, or ARN of the queue or function. */
  readonly endpoint: string;
  /** Whether it is still unconfirmed, so that it gets nothing. */
  pending: boolean;
  /** Attributes as set, such as `RawMessageDelivery`. */
  readonly attributes: Map<string, string>;
  /** The pending confirmation of a URL that was asked for one. */
  confirmation?: Confirmation | undefined;
  /** The filter policy, ready to be matched. */
  filter?: EventPattern | undefined;
}

/** The right to confirm a subscription. */
interface Confirmation {
  readonly token: string;
  readonly expiresAt: Instant;
}

/** A standard topic. */
export interface Topic {
  readonly name: string;
  readonly arn: string;
  readonly attributes: Map<string, string>;
  readonly subscriptions: Map<string, Subscription>;
  /** Number of deleted subscriptions. */
  deleted: number;
}

/** A message attribute as SNS carries it. */
export interface SnsAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}

/** A message on its way to the subscribers. */
export interface Publication {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject?: string | undefined;
  /** The text for a protocol: they differ when MessageStructure is json. */
  readonly messageFor: (protocol: SubscriptionProtocol) => string;
  readonly attributes: Readonly<Record<string, SnsAttribute>>;
}
