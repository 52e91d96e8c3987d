import { formatDuration, formatInstant, type Instant } from '../../../calendar/instant.ts';
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
