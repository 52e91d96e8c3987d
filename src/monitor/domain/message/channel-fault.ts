import { formatDuration } from '../../../calendar/instant.ts';
import type { ChannelCondition, ChannelName } from '../alert/channel-condition.ts';
import type { Target } from '../secret/secret.ts';
import { shown } from '../shown.ts';
import type { Message } from './message.ts';

/** A channel that does not take messages, and why. */
export interface ChannelFault {
  readonly channel: ChannelName;
  /** A word of the closed list of failures. */
  readonly reason: string;
}

const NAMES: Readonly<Record<ChannelName, string>> = {
  'chat-topic': 'the chat topic',
  'amazon-q': 'the topic of Amazon Q Developer',
  slack: 'Slack',
  escalation: 'the escalation topic',
};

const NEW_WEBHOOK =
  'Create a new incoming webhook in Slack and replace the old address in the SSM parameter. The messages in the queue are then posted.';
const REMEDIES: Readonly<Record<string, string>> = {
  revoked: NEW_WEBHOOK,
  denied: `Check the permissions of the function that sends. If Slack itself refuses: ${NEW_WEBHOOK}`,
  'no-channel': `The channel was archived or removed: restore it. Otherwise: ${NEW_WEBHOOK}`,
  'not-found': 'Create the resource that the setting names, or correct the setting.',
  invalid: 'Check that the SSM parameter holds the address of an incoming webhook.',
};
/** Remedies for the ARN of a topic, for which those of Slack do not help. */
const TOPIC_REMEDIES: Readonly<Record<string, string>> = {
  denied: 'Check that the topic and its KMS key let the role of deliver call sns:Publish.',
  invalid: 'Check that the setting holds the ARN of a topic in this region.',
};

const remedy = ({ channel, reason }: ChannelFault): string =>
  (channel === 'slack' ? undefined : TOPIC_REMEDIES[reason]) ??
  REMEDIES[reason] ??
  'Read the log of the monitor.';

/** Notifies people on another path that a channel takes nothing. Pure. */
export function channelFaultMessage(fault: ChannelFault, target: Target): Message {
  const { channel, reason } = shown(fault);
  const name = NAMES[channel];
  const what = `The monitor cannot send to ${name} (${reason}). People who read only that channel do not get alerts.`;
  const risk =
    channel === 'escalation'
      ? 'Unacknowledged alerts still arrive on the alert topic. You get this notice at most once a day.'
      : 'Alerts still arrive on the alert topic. You get this notice at most once a day.';
  return {
    subject: `[HIGH] Alerts do not reach ${name}: ${reason}`,
    text: [what, risk, `Do: ${remedy(fault)}`, '', placeOf(target)].join('\n'),
    severity: 'HIGH',
    attributes: { ...attributesOf(channel, target), transition: 'opened' },
  };
}

const MISSED: Readonly<Record<ChannelName, string>> = {
  slack: 'Messages in its queue are posted now; messages in the dead-letter queue can be redriven.',
  'chat-topic': 'It missed the messages sent in the meantime; the alert topic got them.',
  'amazon-q': 'It missed the messages sent in the meantime; the alert topic got them.',
  escalation: 'Escalations in the meantime went to the alert topic only.',
};

/** Notifies those who received the report of a fault that the channel takes messages again. Pure. */
export function channelRecoveryMessage(
  { channel, since, overAt = since }: ChannelCondition,
  target: Target,
): Message {
  const name = NAMES[channel];
  const what = `${name.charAt(0).toUpperCase()}${name.slice(1)} accepts messages again; it had been down for ${formatDuration(overAt - since)}.`;
  return {
    subject: `[RESOLVED] Alerts reach ${name} again`,
    text: [what, MISSED[channel], '', placeOf(target)].join('\n'),
    severity: 'HIGH',
    attributes: { ...attributesOf(channel, target), transition: 'resolved' },
  };
}

const placeOf = ({ account, region }: Target): string => `Account ${account}, region ${region}`;

const attributesOf = (channel: ChannelName, { account, region }: Target) => ({
  account,
  region,
  severity: 'HIGH',
  code: 'channel-fault',
  channel,
});
