import { type ChannelFault, channelFaultMessage } from '../domain/alert/channel-fault.ts';
import { DAY, later } from '../domain/instant.ts';
import type { Datapoint } from '../domain/metric.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { Service } from './service.ts';

/** What telling needs of the service. */
export type Telling = Pick<Service, 'clock' | 'store' | 'metrics' | 'log'> & {
  readonly settings: Pick<Service['settings'], 'target'>;
};

/** A fault that lasts is told again after this. */
const QUIET_MS: number = DAY;

/** A fault, who met it and where to tell it. */
export interface MetFault {
  readonly fault: ChannelFault;
  /** Names this one failure: of several at once, one tells. */
  readonly by: string;
  readonly otherPath: Notifier;
}

/** Tells on another path that a channel fails, at most once a day for each channel and reason. */
export async function tellChannelFault(
  { clock, store, settings }: Telling,
  { fault, by, otherPath }: MetFault,
): Promise<void> {
  const now = clock.now();
  const name = `told#${fault.channel}#${fault.reason}`;
  const lease = { name, holder: by, now, until: later(now, QUIET_MS) };
  if (!(await store.acquireLease(lease))) return;
  const told = await otherPath.deliver(channelFaultMessage(fault, settings.target));
  if (told.kind === 'failed') await store.releaseLease(lease);
}

/** Logs that a channel fails; answers what it counts for. */
export function countChannelFault(
  { log }: Pick<Telling, 'log'>,
  { channel, reason }: ChannelFault,
): Datapoint {
  log({ level: 'error', message: 'A chat channel did not take a message', details: { channel, reason } });
  return { name: 'ChatMessagesFailed', value: 1, dimensions: { Channel: channel, Reason: reason } };
}
