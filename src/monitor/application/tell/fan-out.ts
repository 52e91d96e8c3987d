import type { ChannelName } from '../../domain/alert/channel-condition.ts';
import type { ChatMessage, Message } from '../../domain/message/message.ts';
import type { ChatNotifier, Notifier } from '../../ports/tell/notifier.ts';
import { countChannelFault, type NotingChannels, noteChannel } from './note-channel.ts';

/** A channel that gets a copy. */
export interface Side {
  readonly channel: ChannelName;
  readonly notifier: ChatNotifier;
}

/** The channels of a {@link fanOut}. */
export interface Channels {
  /** Decides whether a message was delivered. */
  readonly first: Notifier;
  readonly sides: readonly Side[];
  /** Notifier for reports that a side does not work. */
  readonly otherPath: Notifier;
}

/**
 * One notifier of several. The first decides: only what it did not take is said again, so that no channel hears a thing
 * twice because another is broken. The others get a copy of what it took; their failures are counted, logged and
 * reported on another path, and so is their recovery. See `decisions/0011-the-e-mail-topic-decides.md`.
 */
export const fanOut = (service: NotingChannels, channels: Channels): Notifier => ({
  async deliver(message) {
    const delivery = await channels.first.deliver(message);
    if (delivery.kind === 'delivered' && isForChat(message)) await copy(service, channels, message);
    return delivery;
  },
});

const isForChat = (message: Message | ChatMessage): message is ChatMessage => 'chat' in message;

/** Never fails: an error here would repeat what was delivered. */
async function copy(
  service: NotingChannels,
  { sides, otherPath }: Channels,
  message: ChatMessage,
): Promise<void> {
  const { threadId, at } = message.chat;
  await Promise.allSettled(
    sides.map(async ({ channel, notifier }) => {
      const delivery = await notifier.deliver(message);
      const reason = delivery.kind === 'failed' ? delivery.reason : undefined;
      const counts = reason === undefined ? [] : [countChannelFault(service, { channel, reason })];
      await Promise.allSettled([
        service.metrics.record(counts, service.clock.now()),
        noteChannel(service, { outcome: { channel, reason }, by: `${threadId}@${at}`, otherPath }),
      ]);
    }),
  );
}
