import { MINUTE, SECOND } from '../../../calendar/instant.ts';
import type { Datapoint } from '../../domain/metric.ts';
import type { FailedDelivery } from '../../ports/tell/notifier.ts';
import type { ChatChannel, Service } from '../service.ts';
import { countChannelFault, type NotingChannels, noteChannel } from './note-channel.ts';

/** Parts of the service that {@link notifyChat} uses. */
export type Notifying = NotingChannels & Pick<Service, 'chat'>;

/** One message of the chat queue. */
export interface QueuedChat {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
}

/** A channel that asks for a pause without saying how long gets this. */
const PAUSE_SECONDS: number = (30 * SECOND) / SECOND;
/**
 * Delay of the next try after a failure that only a person can repair; after a few tries the dead-letter queue has the
 * message.
 */
const REPAIR_SECONDS: number = (15 * MINUTE) / SECOND;

/**
 * Posts chat messages one after the other and answers the ids of those to try again. Once the channel has asked for a
 * pause, or only a person can repair it, the rest of the batch is not tried. Never throws for one of the messages: that
 * would repeat the others.
 */
export async function notifyChat(
  service: Notifying,
  messages: readonly QueuedChat[],
): Promise<readonly string[]> {
  const channel = channelOf(service);
  const datapoints: Datapoint[] = [];
  const failed: string[] = [];
  let pause: number | undefined;
  for (const message of messages) {
    const outcome = pause === undefined ? await post(service, channel, message) : undefined;
    datapoints.push(...(outcome?.counts ?? []));
    pause ??= outcome?.failure === undefined ? undefined : pauseAfter(outcome.failure);
    if (pause !== undefined) await postpone(service, { channel, message, pause });
    if (pause !== undefined || outcome?.failure !== undefined) failed.push(message.messageId);
  }
  await attempt(service, 'Cannot count chat messages', () =>
    service.metrics.record(datapoints, service.clock.now()),
  );
  return failed;
}

function channelOf({ chat }: Notifying): ChatChannel {
  if (chat !== undefined) return chat;
  throw new Error('Cannot post to Slack: set both "slack-webhook-parameter" and "chat-queue-url"');
}

interface Outcome {
  readonly failure: FailedDelivery | undefined;
  readonly counts: readonly Datapoint[];
}

async function post(
  service: Notifying,
  { notifier, parse, otherPath }: ChatChannel,
  { messageId, receiptHandle, body }: QueuedChat,
): Promise<Outcome> {
  const chat = parse(body);
  if (chat === undefined) {
    service.log({
      level: 'warn',
      message: 'Dropped a chat message that is not ours',
      details: { messageId },
    });
    return { failure: undefined, counts: [{ name: 'ChatMessagesUnrecognised', value: 1 }] };
  }
  const delivery = await notifier.deliver({ chat });
  const reason = delivery.kind === 'failed' ? delivery.reason : undefined;
  if (delivery.kind === 'delivered' || !delivery.retryable) {
    await attempt(service, 'Cannot report the state of Slack', () =>
      noteChannel(service, { outcome: { channel: 'slack', reason }, by: receiptHandle, otherPath }),
    );
  }
  if (delivery.kind === 'delivered') {
    return { failure: undefined, counts: [{ name: 'ChatMessagesDelivered', value: 1 }] };
  }
  return {
    failure: delivery,
    counts: [countChannelFault(service, { channel: 'slack', reason: delivery.reason })],
  };
}

/** Returns the pause of the whole channel in seconds; undefined when the next message may fare better. */
function pauseAfter({ reason, retryable, retryAfterSeconds }: FailedDelivery): number | undefined {
  if (reason === 'throttled') return retryAfterSeconds ?? PAUSE_SECONDS;
  return retryable || reason === 'invalid' ? undefined : REPAIR_SECONDS;
}

interface Postponing {
  readonly channel: ChatChannel;
  readonly message: QueuedChat;
  readonly pause: number;
}

/** A message that cannot be postponed comes back after the queue's own time. */
const postpone = (
  service: Notifying,
  { channel, message: { receiptHandle }, pause }: Postponing,
): Promise<void> =>
  attempt(service, 'Cannot postpone a chat message', () => channel.queue.postpone(receiptHandle, pause));

/** Does what a message can do without. */
async function attempt({ log }: Notifying, message: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const said = error instanceof Error ? error.message : 'unknown';
    log({ level: 'warn', message, details: { error: said } });
  }
}
