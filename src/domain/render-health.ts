import { shellQuote } from './explain/shell-quote.ts';
import type { Advice } from './finding.ts';
import type { HealthCode, HealthCondition } from './health.ts';
import { formatDuration, formatInstant, type Instant } from './instant.ts';
import type { Message } from './message.ts';
import type { Target } from './secret.ts';

/** Where the alerts of which target go. */
export interface AlertPath {
  readonly target: Target;
  readonly alertTopicArn: string;
}

/** Writes what the monitor says about its own alert path, for the health topic. Pure. */
export function renderHealth(condition: HealthCondition, path: AlertPath, now: Instant): Message {
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
  undeliverable:
    'People do not hear of these alerts. Nothing is lost: each waits in its outbox and is tried again after every sweep.',
};

function beginning({ code, seen }: HealthCondition, path: AlertPath): readonly string[] {
  const { text, commands } = advice(code, path);
  return [seen, `Risk: ${RISKS[code]}`, `Do: ${text}`, ...commands.map((command) => `   ${command}`)];
}

function advice(code: HealthCode, { target: { region }, alertTopicArn }: AlertPath): Advice {
  const topic = `--topic-arn ${shellQuote(alertTopicArn)} --region ${region}`;
  return code === 'no-subscriber'
    ? {
        text: 'Subscribe somebody, and follow the link in the e-mail that SNS sends; it is valid for two days.',
        commands: [`aws sns subscribe ${topic} --protocol email --notification-endpoint oncall@example.com`],
      }
    : {
        text: 'See whether the topic is there and lets the role of deliver call sns:Publish; so must its key.',
        commands: [`aws sns get-topic-attributes ${topic}`],
      };
}

const ENDINGS: Readonly<Record<HealthCode, string>> = {
  'no-subscriber': 'The alert topic has a confirmed subscription again.',
  undeliverable: 'What could not be delivered on the alert topic has been delivered.',
};

const ending = ({ code, since }: HealthCondition, overAt: Instant): string =>
  `${ENDINGS[code]} It had been so for ${formatDuration(overAt - since)}.`;
