import { formatDuration, formatInstant, type Instant } from '../../../calendar/instant.ts';
import type { HealthCode, HealthCondition } from '../alert/health.ts';
import type { Advice } from '../finding/finding.ts';
import type { Target } from '../secret/secret.ts';
import { shellQuote } from '../shell-quote.ts';
import { shown } from '../shown.ts';
import type { Message } from './message.ts';

/** Where the alerts of which target go. */
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
      `Since ${formatInstant(condition.since)}, told at ${formatInstant(now)}`,
    ].join('\n'),
    severity: 'HIGH',
    attributes: { account, region, severity: 'HIGH', code, transition: over ? 'resolved' : 'opened' },
  };
}

const titleOf = ({ code, overAt }: HealthCondition, { target: { account, region } }: AlertPath): string =>
  `[${overAt === undefined ? 'HIGH' : 'RESOLVED'}] Rotation monitor of ${account} ${region}: ${code}`;

const RISKS: Readonly<Record<HealthCode, string>> = {
  'no-subscriber': 'Alerts are published and nobody gets them: a stuck rotation would go unnoticed.',
  'no-escalation-subscriber': 'A CRITICAL alert that nobody acknowledges wakes nobody else.',
  undeliverable:
    'People do not hear of these alerts. Nothing is lost: each waits in its outbox and is tried again after every sweep.',
  'heartbeat-unheard':
    'Alerts still arrive. The watcher outside AWS takes the monitor for dead, and would not notice if it were.',
  'dead-letters':
    'The monitor gave up on these messages. Sweeps make up for lost events and alerts, later; what Slack should have shown it did not.',
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
        text: 'Subscribe somebody, and follow the link in the e-mail that SNS sends; it is valid for two days.',
        commands: [`aws sns subscribe ${topic} --protocol email --notification-endpoint oncall@example.com`],
      };
    case 'undeliverable':
      return {
        text: 'See whether the topic is there and lets the role of deliver call sns:Publish; so must its key.',
        commands: [`aws sns get-topic-attributes ${topic}`],
      };
    case 'heartbeat-unheard':
      return {
        text: 'See whether the parameter is there and whether the role of sweep may read it. It holds the whole address that the watcher gave you, with https; whoever has it can store it again, and the next sweep reads it.',
        commands: at.map(
          (name) =>
            `aws ssm get-parameter --name ${shellQuote(name)} --region ${region} --query Parameter.[Name,Type,LastModifiedDate]`,
        ),
      };
    case 'dead-letters':
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
      return {
        text: 'Find out in its log why the function behind the queue fails, repair that, then put the messages back. What EventBridge, Scheduler or Lambda gave up came from no queue: purge that.',
        commands: at.map(
          (arn) => `aws sqs start-message-move-task --source-arn ${shellQuote(arn)} --region ${region}`,
        ),
      };
  }
}

const ENDINGS: Readonly<Record<HealthCode, string>> = {
  'no-subscriber': 'The alert topic has a confirmed subscription again.',
  'no-escalation-subscriber': 'The escalation topic has a confirmed subscription again.',
  undeliverable: 'What could not be delivered on the alert topic has been delivered.',
  'heartbeat-unheard': 'The watcher outside AWS takes the heartbeat again.',
  'dead-letters': 'The dead-letter queues are empty again.',
};

const ending = ({ code, since }: HealthCondition, overAt: Instant): string =>
  `${ENDINGS[code]} It had been so for ${formatDuration(overAt - since)}.`;
