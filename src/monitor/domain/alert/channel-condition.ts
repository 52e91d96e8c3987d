import { DAY, HOUR, type Instant } from '../../../calendar/instant.ts';

/** The channels beside the alert topic. */
export type ChannelName = 'chat-topic' | 'amazon-q' | 'slack' | 'escalation';

/** The record of a channel that has failed. */
export interface ChannelCondition {
  readonly channel: ChannelName;
  /** Time of the first message that it did not take. */
  readonly since: Instant;
  /** Time of the last report of each reason. */
  readonly toldAt: Readonly<Record<string, Instant>>;
  /** Time it took a message again; undefined while it fails. */
  readonly overAt: Instant | undefined;
}

/** The outcome of one message. */
export interface ChannelOutcome {
  readonly channel: ChannelName;
  /** The reason why it was not taken; undefined when it was. */
  readonly reason: string | undefined;
}

/** A report that is due now, and the record to keep once it is sent. */
export interface ChannelStep {
  readonly tells: 'fault' | 'recovery';
  readonly condition: ChannelCondition;
}

/** Time after which a lasting fault is reported again. */
const QUIET_MS = DAY;
/**
 * Time after a success in which a channel is not reported to fail again: one message that it never takes among others
 * that it does is no news.
 */
const SETTLE_MS = HOUR;

/** Returns the report that one more outcome calls for; undefined when there is nothing new. Pure. */
export function channelStep(
  known: ChannelCondition | undefined,
  { channel, reason }: ChannelOutcome,
  now: Instant,
): ChannelStep | undefined {
  if (reason === undefined) {
    if (known === undefined || known.overAt !== undefined) return undefined;
    return { tells: 'recovery', condition: { ...known, overAt: now } };
  }
  if (known === undefined || known.overAt !== undefined) {
    if (known?.overAt !== undefined && now - known.overAt < SETTLE_MS) return undefined;
    const condition = { channel, since: now, toldAt: { [reason]: now }, overAt: undefined };
    return { tells: 'fault', condition };
  }
  const told = known.toldAt[reason];
  if (told !== undefined && now - told < QUIET_MS) return undefined;
  return { tells: 'fault', condition: { ...known, toldAt: { ...known.toldAt, [reason]: now } } };
}

/** The conditions with one of them changed. */
export const withChannel = (
  conditions: readonly ChannelCondition[],
  changed: ChannelCondition,
): readonly ChannelCondition[] => [
  ...conditions.filter(({ channel }) => channel !== changed.channel),
  changed,
];
