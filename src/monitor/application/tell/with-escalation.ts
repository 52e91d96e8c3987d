import type { Message } from '../../domain/message/message.ts';
import type { Delivery, Notifier } from '../../ports/tell/notifier.ts';
import { countChannelFault, type NotingChannels, noteChannel } from './note-channel.ts';

/** The two routes of {@link withEscalation}. */
export interface EscalationRoutes {
  /** Notifier of the person who is called when nobody acknowledges. */
  readonly escalation: Notifier;
  /** The usual route: the alert topic and its copies. */
  readonly usual: Notifier;
  /** Notifier for reports that the escalation route does not work. */
  readonly otherPath: Notifier;
}

/**
 * Sends what nobody acknowledges to the escalation route too, and the end of what went there. A failure that may pass
 * leaves the message undelivered, so that it is tried again; one that will not is counted, logged and reported on
 * another path, and the usual route has to do. Where the escalation route took a message that the usual one refuses for
 * good, it counts as delivered: nobody is called again and again because the alert topic is gone.
 */
export const withEscalation = (service: NotingChannels, routes: EscalationRoutes): Notifier => ({
  async deliver(message) {
    const { transition, escalated } = message.attributes;
    if (transition === 'escalated') return escalate(service, routes, message);
    const delivery = await routes.usual.deliver(message);
    if (delivery.kind === 'delivered' && transition === 'resolved' && escalated === 'yes') {
      await note(service, routes, { message, delivery: await routes.escalation.deliver(message) });
    }
    return delivery;
  },
});

async function escalate(
  service: NotingChannels,
  routes: EscalationRoutes,
  message: Message,
): Promise<Delivery> {
  const delivery = await routes.escalation.deliver(message);
  if (delivery.kind === 'failed' && delivery.retryable) return delivery;
  await note(service, routes, { message, delivery });
  const usual = await routes.usual.deliver(message);
  const isRefused = usual.kind === 'failed' && !usual.retryable;
  return delivery.kind === 'delivered' && isRefused ? delivery : usual;
}

interface Escalated {
  readonly message: Message;
  readonly delivery: Delivery;
}

/** Never fails: an error here would repeat what was delivered. */
async function note(
  service: NotingChannels,
  { otherPath }: EscalationRoutes,
  { message, delivery }: Escalated,
): Promise<void> {
  const channel = 'escalation';
  const reason = delivery.kind === 'failed' ? delivery.reason : undefined;
  const counts = reason === undefined ? [] : [countChannelFault(service, { channel, reason })];
  await Promise.allSettled([
    service.metrics.record(counts, service.clock.now()),
    noteChannel(service, { outcome: { channel, reason }, by: message.subject, otherPath }),
  ]);
}
