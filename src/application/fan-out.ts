import type { ChatChannelName } from '../domain/alert/channel-fault.ts';
import type { ChatMessage, Message } from '../domain/message.ts';
import type { ChatNotifier, Notifier } from '../ports/notifier.ts';
import { countChannelFault, type Telling, tellChannelFault } from './tell-channel-fault.ts';

/** A channel that gets a copy. */
export interface Side {
  readonly channel: ChatChannelName;
  readonly notifier: ChatNotifier;
}

/** The channels of a {@link fanOut}. */
export interface Channels {
  /** Decides whether a message was delivered. */
  readonly first: Notifier;
  readonly sides: readonly Side[];
  /** Where it is told that a side does not work. */
  readonly otherPath: Notifier;
}

/**
 * One notifier of several. The first decides: only what it did not take is said again, so that no channel hears a thing
 * twice because another is broken. The others get a copy of what it took; their failures are counted, logged and told
 * on another path. See `decisions/0011-the-e-mail-topic-decides.md`.
 */
export const fanOut = (service: Telling, channels: Channels): Notifier => ({
  async deliver(message) {
    const delivery = await channels.first.deliver(message);
    if (delivery.kind === 'delivered' && isForChat(message)) await copy(service, channels, message);
    return delivery;
  },
});

const isForChat = (message: Message | ChatMessage): message is ChatMessage => 'chat' in message;

/** Never fails: an error here would repeat what was delivered. */
async function copy(service: Telling, { sides, otherPath }: Channels, message: ChatMessage): Promise<void> {
  const { threadId, at } = message.chat;
  await Promise.allSettled(
    sides.map(async ({ channel, notifier }) => {
      const delivery = await notifier.deliver(message);
      if (delivery.kind === 'delivered') return;
      const fault = { channel, reason: delivery.reason };
      const datapoint = countChannelFault(service, fault);
      await Promise.allSettled([
        service.metrics.record([datapoint], service.clock.now()),
        tellChannelFault(service, { fault, by: `${threadId}@${at}`, otherPath }),
      ]);
    }),
  );
}
