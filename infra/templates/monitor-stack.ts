import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { RotationMonitor, type RotationMonitorProps } from '../rotation-monitor.ts';
import { RotationMonitorMemberStack } from '../rotation-monitor-member-stack.ts';

let stub: string | undefined;

/** A folder that stands for the bundles, which are made and tried elsewhere; the process removes it at its end. */
export function stubHandlers(): string {
  if (stub !== undefined) return stub;
  const folder = mkdtempSync(join(tmpdir(), 'stub-handlers-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'sweep.mjs'), 'export const handler = () => undefined;\n');
  stub = folder;
  return folder;
}

/** A stack with nothing but a monitor, in no account and region of its own; an app of its own when none is given. */
export function aMonitor(
  props: (stack: Stack) => RotationMonitorProps = () => ({}),
  app: Construct = new App(),
): Stack {
  const stack = new Stack(app, 'rotation-monitor');
  new RotationMonitor(stack, 'Monitor', {
    handlerFolder: stubHandlers(),
    subscribedElsewhere: true,
    ...props(stack),
  });
  return stack;
}

/** A monitor with every part that can be left out, but for members. */
export const aFullMonitor = (app?: Construct): Stack => aMonitor(everyPart, app);

/** A monitor with every part that can be left out, of an organization. */
export const aMonitorOfMany = (app?: Construct): Stack =>
  aMonitor(
    (stack) => ({
      ...everyPart(stack),
      members: [{ organizationalUnits: ['ou-ab12-cdefgh34'], regions: ['us-east-1'] }],
      memberExternalId: 'rotation-monitor-1a2b3c',
      organizationId: 'o-a1b2c3d4e5',
    }),
    app,
  );

/** A member of a monitor, as the template of a stack set. */
export const aMember = (app: Construct = new App()): Stack =>
  new RotationMonitorMemberStack(app, 'rotation-monitor-member', {
    parameters: {
      monitorAccountId: '111122223333',
      monitorRegion: 'eu-west-1',
      monitorEventBusName: 'rotation-monitor-members',
      monitorRoleNames: 'rotation-monitor-*',
      externalId: 'rotation-monitor-1a2b3c',
      roleName: 'secret-rotation-monitor-member',
      roleRegion: 'eu-west-1',
      regions: ['eu-west-1', 'us-east-1'],
    },
    securityHubVerdicts: true,
  });

/** Every part that can be left out, but for members. */
export function everyPart(stack: Stack): RotationMonitorProps {
  return {
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
    canary: true,
    securityHubVerdicts: true,
    heartbeatUrlParameterName: '/rotation-monitor/heartbeat-url',
    heartbeatUrlEncryptionKey: Key.fromKeyArn(
      stack,
      'HeartbeatKey',
      'arn:aws:kms:eu-west-1:111122223333:key/0aaaaaaa-0000-4000-8000-000000000002',
    ),
    applicationBus: EventBus.fromEventBusName(stack, 'ApplicationBus', 'applications'),
  };
}

/** The CloudFormation template of a stack, in JSON. */
export const templateOf = (stack: Stack): unknown => Template.fromStack(stack).toJSON();
