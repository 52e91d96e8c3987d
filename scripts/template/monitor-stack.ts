import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, SecretValue, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { RotationMonitor, type RotationMonitorProps } from '../../infra/rotation-monitor.ts';

/** A folder that stands for the bundles, which are made and tried elsewhere. */
export function stubHandlers(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stub-handlers-'));
  writeFileSync(join(folder, 'sweep.mjs'), 'export const handler = () => undefined;\n');
  return folder;
}

/** A stack with nothing but a monitor, in no account and region of its own. */
export function aMonitor(props: (stack: Stack) => RotationMonitorProps = () => ({})): Stack {
  const stack = new Stack(new App(), 'rotation-monitor');
  new RotationMonitor(stack, 'Monitor', { handlerFolder: stubHandlers(), ...props(stack) });
  return stack;
}

/** A monitor with every part that can be left out. */
export const aFullMonitor = (): Stack =>
  aMonitor((stack) => ({
    subscriptions: [new EmailSubscription('oncall@example.com')],
    healthSubscriptions: [new EmailSubscription('platform@example.com')],
    escalationSubscriptions: [new EmailSubscription('manager@example.com')],
    slackWebhookParameterName: '/rotation-monitor/slack-webhook',
    slackWebhookEncryptionKey: Key.fromKeyArn(
      stack,
      'WebhookKey',
      'arn:aws:kms:eu-west-1:111122223333:key/0aaaaaaa-0000-4000-8000-000000000001',
    ),
    amazonQ: true,
    heartbeatUrl: SecretValue.unsafePlainText('{{resolve:ssm:/rotation-monitor/heartbeat-url}}'),
    applicationBus: EventBus.fromEventBusName(stack, 'ApplicationBus', 'applications'),
  }));
