import { DAY, HOUR, type Instant } from '../../../calendar/instant.ts';

/** The channels beside the alert topic. */
export type ChannelName = 'chat-topic' | 'amazon-q' | 'slack' | 'escalation';

/** What is remembered of a channel that has failed. */
export interface ChannelCondition {
  readonly channel: ChannelName;
  /** When it first did not take a message. */
  readonly since: Instant;
  /** When each reason was last told. */
  readonly toldAt: Readonly<Record<string, Instant>>;
  /** When it took a message again; undefined while it fails. */
  readonly overAt: Instant | undefined;
}

/** What became of one message. */
export interface ChannelOutcome {
  readonly channel: ChannelName;
  /** Why it was not taken; undefined when it was. */
  readonly reason: string | undefined;
}

/** What has to be told now, and what is remembered once that is told. */
export interface ChannelStep {
  readonly tells: 'fault' | 'recovery';
  readonly condition: ChannelCondition;
}

/** A fault that lasts is told again after this. */
const QUIET_MS = DAY;
/** A channel that has taken a message is not told to fail again for so long: one message that it never takes among others that it does is no news. */
const SETTLE_MS = HOUR;

/** What one more outcome is news of; undefined when it is none. Pure. */
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
