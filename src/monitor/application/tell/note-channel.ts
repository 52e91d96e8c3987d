import { later, MINUTE } from '../../../calendar/instant.ts';
import { type ChannelOutcome, channelStep, withChannel } from '../../domain/alert/channel-condition.ts';
import {
  type ChannelFault,
  channelFaultMessage,
  channelRecoveryMessage,
} from '../../domain/message/render-health.ts';
import type { Datapoint } from '../../domain/metric.ts';
import type { Lock } from '../../ports/store/locks.ts';
import type { Notifier } from '../../ports/tell/notifier.ts';
import type { Service } from '../service.ts';
import { updateTarget } from '../target/update-target.ts';

/** Parts of the service that note the outcomes of channels. */
export type NotingChannels = Pick<Service, 'clock' | 'store' | 'metrics' | 'log'> & {
  readonly settings: Pick<Service['settings'], 'target'>;
};

/** The outcome of a message on a channel, the run that met it, and the notifier for reports about it. */
export interface MetOutcome {
  readonly outcome: ChannelOutcome;
  /** Names this one message: of several at once, one reports. */
  readonly by: string;
  readonly otherPath: Notifier;
}

/** Longest time that one run may report alone; the lock of a run that dies ends after this. */
const LOCK_MS = MINUTE;

/**
 * Reports on another path that a channel fails, at most once a day for each reason, and once that it takes messages
 * again. A report that failed is made by the next message.
 */
export async function noteChannel(
  service: NotingChannels,
  { outcome, by, otherPath }: MetOutcome,
): Promise<void> {
  const { store, clock, settings } = service;
  if ((await stepOf(service, outcome)) === undefined) return;
  const now = clock.now();
  const lock: Lock = { name: `channel#${outcome.channel}`, holder: by, now, until: later(now, LOCK_MS) };
  if (!(await store.acquireLock(lock))) return;
  try {
    const step = await stepOf(service, outcome);
    if (step === undefined) return;
    const { reason = '' } = outcome;
    const message =
      step.tells === 'fault'
        ? channelFaultMessage({ ...outcome, reason }, settings.target)
        : channelRecoveryMessage(step.condition, settings.target);
    if ((await otherPath.deliver(message)).kind === 'failed') return;
    await updateTarget(store, settings.target, (record) => ({
      ...record,
      channels: withChannel(record.channels, step.condition),
    }));
  } finally {
    await store.releaseLock(lock);
  }
}

async function stepOf({ store, clock, settings }: NotingChannels, outcome: ChannelOutcome) {
  const record = await store.readTarget(settings.target);
  const known = record?.channels.find(({ channel }) => channel === outcome.channel);
  return channelStep(known, outcome, clock.now());
}

/** Logs that a channel fails; answers what it counts for. */
export function countChannelFault(
  { log }: Pick<NotingChannels, 'log'>,
  { channel, reason }: ChannelFault,
): Datapoint {
  log({ level: 'error', message: 'A channel did not take a message', details: { channel, reason } });
  return channel === 'escalation'
    ? { name: 'NotificationsFailed', value: 1, dimensions: { Reason: reason } }
    : { name: 'ChatMessagesFailed', value: 1, dimensions: { Channel: channel, Reason: reason } };
}
