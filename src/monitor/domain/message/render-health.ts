import { formatDuration, formatInstant, type Instant } from '../../../calendar/instant.ts';
import type { ChannelCondition, ChannelName } from '../alert/channel-condition.ts';
import type { HealthCode, HealthCondition } from '../alert/health.ts';
import { commandLine } from '../command-line.ts';
import type { Advice } from '../finding/finding.ts';
import type { Target } from '../secret/secret.ts';
import { shellQuote } from '../shell-quote.ts';
import { shown } from '../shown.ts';
import type { Message } from './message.ts';

/** The alert topic of one target. */
export interface AlertPath {
  readonly target: Target;
  readonly alertTopicArn: string;
}

/** Writes what the monitor says about its own alert path, for the health topic. Pure. */
export function renderHealth(told: HealthCondition, path: AlertPath, now: Instant): Message {
  const condition = shown(told);
  const { code, overAt } = condition;
  const { account, region } = path.target;
  const over = overAt !== undefined;
  return {
    subject: titleOf(condition, path),
    text: [
      ...(over ? [ending(condition, overAt)] : beginning(condition, path)),
      '',
      `Alert topic: ${path.alertTopicArn}`,
      `Account ${account}, region ${region}`,
      `Since ${formatInstant(condition.since)}, sent at ${formatInstant(now)}`,
    ].join('\n'),
    severity: 'HIGH',
    attributes: { account, region, severity: 'HIGH', code, transition: over ? 'resolved' : 'opened' },
  };
}

const titleOf = ({ code, overAt }: HealthCondition, { target: { account, region } }: AlertPath): string =>
  `[${overAt === undefined ? 'HIGH' : 'RESOLVED'}] Rotation monitor of ${account} ${region}: ${code}`;

const RISKS: Readonly<Record<HealthCode, string>> = {
  'no-subscriber': 'Alerts are published but nobody gets them: a stuck rotation would go unnoticed.',
  'no-escalation-subscriber': 'A CRITICAL alert that nobody acknowledges is not escalated to anyone.',
  undeliverable:
    'People do not get these alerts. Nothing is lost: each alert stays in its outbox and is retried after every sweep.',
  'heartbeat-unheard':
    'Alerts still arrive. But the watcher outside AWS reports the monitor as down and could not detect a real outage.',
  'dead-letters':
    'The monitor gave up on these messages. Later sweeps make up for lost events and alerts, but Slack did not show these messages.',
};

function beginning(condition: HealthCondition, path: AlertPath): readonly string[] {
  const { code, seen } = condition;
  const { text, commands } = advice(condition, path);
  return [seen, `Risk: ${RISKS[code]}`, `Do: ${text}`, ...commands.map((command) => `   ${command}`)];
}

function advice(
  { code, at = [] }: HealthCondition,
  { target: { region }, alertTopicArn }: AlertPath,
): Advice {
  const [about = alertTopicArn] = at;
  const topic = `--topic-arn ${shellQuote(about)} --region ${region}`;
  switch (code) {
    case 'no-subscriber':
    case 'no-escalation-subscriber':
      return {
        text: 'Subscribe an address and follow the link in the e-mail from SNS; it is valid for two days.',
        commands: [`aws sns subscribe ${topic} --protocol email --notification-endpoint oncall@example.com`],
      };
    case 'undeliverable':
      return {
        text: 'See whether the topic is there and lets the role of deliver call sns:Publish; so must its key.',
        commands: [`aws sns get-topic-attributes ${topic}`],
      };
    case 'heartbeat-unheard':
      return {
        text: 'Check that the parameter exists and that the role of sweep may read it. It must hold the complete https address from the watcher. Store the address again if it is wrong; the next sweep reads it.',
        commands: at.map((name) =>
          commandLine(
            'aws',
            'ssm',
            'get-parameter',
            ['--name', name],
            ['--region', region],
            ['--query', 'Parameter.[Name,Type,LastModifiedDate]'],
          ),
        ),
      };
    case 'dead-letters':
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
      return {
        text: 'Find out from its log why the function behind the queue fails, fix it, then redrive the messages. Messages from EventBridge, Scheduler or Lambda came from no queue: purge those.',
        commands: at.map(
          (arn) => `aws sqs start-message-move-task --source-arn ${shellQuote(arn)} --region ${region}`,
        ),
      };
  }
}

const ENDINGS: Readonly<Record<HealthCode, string>> = {
  'no-subscriber': 'The alert topic has a confirmed subscription again.',
  'no-escalation-subscriber': 'The escalation topic has a confirmed subscription again.',
  undeliverable: 'The late notifications to the alert topic have been delivered.',
  'heartbeat-unheard': 'The watcher outside AWS accepts the heartbeat again.',
  'dead-letters': 'The dead-letter queues are empty again.',
};

const ending = ({ code, since }: HealthCondition, overAt: Instant): string =>
  `${ENDINGS[code]} The problem lasted ${formatDuration(overAt - since)}.`;

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
