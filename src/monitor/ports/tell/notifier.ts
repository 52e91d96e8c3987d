import type { ChatMessage, Message } from '../../domain/message/message.ts';
import type { FailureReason } from '../failure.ts';

/** Why a channel did not take a message; `revoked` and `no-channel` are what only chat services answer. */
export type DeliveryFailureReason = FailureReason | 'revoked' | 'no-channel';

/** A message that was not taken. */
export interface FailedDelivery {
  readonly kind: 'failed';
  /** Whether the same message may be taken later without anybody's doing. */
  readonly retryable: boolean;
  readonly reason: DeliveryFailureReason;
  /** How long the channel asks to be left alone. */
  readonly retryAfterSeconds?: number | undefined;
}

/** What became of one message. */
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
