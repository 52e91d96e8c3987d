import type { ChatMessage, Message } from '../../domain/message/message.ts';
import type { FailureReason } from '../failure.ts';

/** The reason why a channel did not take a message; only chat services answer `revoked` and `no-channel`. */
export type DeliveryFailureReason = FailureReason | 'revoked' | 'no-channel';

/** A message that was not taken. */
export interface FailedDelivery {
  readonly kind: 'failed';
  /** Whether the same message may be taken later without anybody's doing. */
  readonly retryable: boolean;
  readonly reason: DeliveryFailureReason;
  /** Seconds for which the channel asks to be left alone. */
  readonly retryAfterSeconds?: number | undefined;
}

/** The outcome of one message. */
export type Delivery = { readonly kind: 'delivered' } | FailedDelivery;

/** One channel to people. Never throws for what the channel answers. */
export interface Notifier {
  deliver(message: Message): Promise<Delivery>;
}

/** One channel to people that shows the parts of a message. Never throws for what the channel answers. */
export interface ChatNotifier {
  deliver(message: ChatMessage): Promise<Delivery>;
}

/** A {@link ChatNotifier} that needs nothing else of a message. */
export interface PartsNotifier {
  deliver(message: Pick<ChatMessage, 'chat'>): Promise<Delivery>;
}
