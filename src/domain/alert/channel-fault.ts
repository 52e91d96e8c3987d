import type { Message } from '../message.ts';
import type { Target } from '../secret.ts';

/** The channels beside e-mail. */
export type ChatChannelName = 'chat-topic' | 'amazon-q' | 'slack';

/** A channel that does not take messages, and why. */
export interface ChannelFault {
  readonly channel: ChatChannelName;
  /** A word of the closed list of failures. */
  readonly reason: string;
}

const NAMES: Readonly<Record<ChatChannelName, string>> = {
  'chat-topic': 'the chat topic',
  'amazon-q': 'the topic of Amazon Q Developer',
  slack: 'Slack',
};

const NEW_WEBHOOK =
  'Make a new incoming webhook in Slack and put its address in place of the old one in the SSM parameter; what waits in the queue is then posted.';
const REMEDIES: Readonly<Record<string, string>> = {
  revoked: NEW_WEBHOOK,
  denied: `Check the permissions of the function that sends; if Slack itself refuses: ${NEW_WEBHOOK}`,
  'no-channel': `The channel was archived or removed: restore it. Else: ${NEW_WEBHOOK}`,
  'not-found': 'Create what the setting names, or correct the setting.',
  invalid: 'Check that the SSM parameter holds the address of an incoming webhook.',
};

/** Tells people on another path that a channel takes nothing. Pure. */
export function channelFaultMessage({ channel, reason }: ChannelFault, target: Target): Message {
  const name = NAMES[channel];
  const subject = `[HIGH] Alerts do not reach ${name}: ${reason}`;
  const what = `The monitor cannot send to ${name} (${reason}). Nobody who reads only there hears of stuck rotations.`;
  const risk = 'Alerts still arrive here. This is told at most once a day.';
  const remedy = REMEDIES[reason] ?? 'See the log of the monitor and the metric ChatMessagesFailed.';
  const place = `Account ${target.account}, region ${target.region}`;
  return {
    subject,
    text: [what, risk, `Do: ${remedy}`, '', place].join('\n'),
    severity: 'HIGH',
    attributes: {
      account: target.account,
      region: target.region,
      severity: 'HIGH',
      transition: 'opened',
      code: 'channel-fault',
      channel,
    },
  };
}
