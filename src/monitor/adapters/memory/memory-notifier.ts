import type { Message } from '../../domain/message/message.ts';
import type { Notifier } from '../../ports/tell/notifier.ts';

/** Keeps what it was given. */
export interface MemoryNotifier extends Notifier {
  readonly messages: readonly Message[];
}

/** A channel that ends in memory. */
export function memoryNotifier(): MemoryNotifier {
  const messages: Message[] = [];
  return {
    messages,
    async deliver(message) {
      messages.push(message);
      return { kind: 'delivered' };
    },
  };
}
