import type { Message } from '../domain/message.ts';
import type { FailureReason } from './failure.ts';

/** What became of one message. */
type Delivery =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'failed'; readonly retryable: boolean; readonly reason: FailureReason };

/** One channel to people. Never throws for what the channel answers. */
export interface Notifier {
  deliver(message: Message): Promise<Delivery>;
}
