import type { Instant } from '../../calendar/instant.ts';

/** A message attribute as SQS carries it. */
interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}

/** Message attributes by name. */
type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** The message a sender gives. */
export interface Draft {
  readonly body: string;
  readonly attributes?: MessageAttributes | undefined;
  /** Seconds until it can be received; without it the queue's own delay holds. */
  readonly delaySeconds?: number | undefined;
}

/** A message in a queue. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly sentAt: Instant;
  /** From then on it can be received. */
  visibleAt: Instant;
  receiveCount: number;
  firstReceivedAt?: Instant;
  /** The queue that gave it up. */
  readonly deadLetterSourceArn?: string | undefined;
}

/** A message as a receiver gets it. */
export interface ReceivedMessage extends Readonly<QueuedMessage> {
  /** Names this receive; after the next receive it deletes nothing. */
  readonly receiptHandle: string;
  readonly firstReceivedAt: Instant;
}

/** The handle of the `receiveCount`th receive of a message. */
export const receiptHandle = ({ id, receiveCount }: QueuedMessage): string => `${id}.${receiveCount}`;
