import { App, Duration, Stack } from 'aws-cdk-lib';
import { SubscriptionFilter, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { expect, test } from 'vitest';
import { RotationMonitor, type RotationMonitorProps } from '../../infra/rotation-monitor.ts';
import { stubHandlers } from '../../infra/templates/monitor-stack.ts';

const EVERYBODY = new EmailSubscription('oncall@example.com');
const filtered = (filter: Readonly<Record<string, readonly string[]>>) =>
  new EmailSubscription('team@example.com', {
    filterPolicy: Object.fromEntries(
      Object.entries(filter).map(([name, allowlist]) => [
        name,
        SubscriptionFilter.stringFilter({ allowlist: [...allowlist] }),
      ]),
    ),
  });

/**
 * Returns the synthesizer's messages about a monitor; empty when there are none. `then` comes after the monitor was
 * made.
 */
function saidOf(
  props: RotationMonitorProps,
  then: (monitor: RotationMonitor) => void = () => undefined,
): string {
  const app = new App();
  const monitor = new RotationMonitor(new Stack(app, 'rotation-monitor'), 'Monitor', {
    handlerFolder: stubHandlers(),
    ...props,
  });
  then(monitor);
  try {
    app.synth();
    return '';
  } catch (error) {
    return String(error);
  }
}

const SOME = 'No subscription without a filter is there for the alerts';
const NOBODY = 'Nobody is subscribed to the health topic';

test('a monitor that nobody hears is not synthesized, and says both', () => {
  const said = saidOf({});
  expect(said).toContain(SOME);
  expect(said).toContain(NOBODY);
});

test('one subscription without a filter is enough: its owner gets what is wrong with the monitor, too', () => {
  expect(saidOf({ subscriptions: [EVERYBODY] })).toBe('');
});

test('filters on all subscriptions leave alerts that reach nobody', () => {
  const said = saidOf({ subscriptions: [filtered({ severity: ['CRITICAL'] })] });
  expect(said).toContain(SOME);
  expect(said).not.toContain(NOBODY);
});

test('subscriptions that are added later count, and so does the word that others subscribe', () => {
  const later = ({ alertTopic, healthTopic }: RotationMonitor) => {
    alertTopic.addSubscription(EVERYBODY);
    healthTopic.addSubscription(EVERYBODY);
  };
  expect(saidOf({}, later)).toBe('');
  expect(saidOf({ subscribedElsewhere: true })).toBe('');
});

test.each<[string, Readonly<Record<string, readonly string[]>>, string]>([
  ['an attribute', { sevrity: ['HIGH'] }, 'asks for "sevrity", which no alert has'],
  ['a severity', { severity: ['SEVERE', 'HIGH'] }, 'asks for severity "SEVERE", which never comes'],
  ['a transition', { transition: ['closed'] }, 'asks for transition "closed"'],
  ['a code', { code: ['stuck'] }, 'asks for code "stuck"'],
  ['an owner', { owner: ['payments', 'nobody'] }, 'asks for owner "nobody"'],
])('a filter by %s that no alert has is refused, wherever others subscribe', (_case, filter, message) => {
  const subscriptions = [EVERYBODY, filtered(filter)];
  const said = saidOf({ subscriptions, owners: ['payments'], subscribedElsewhere: true });
  expect(said).toContain(message);
  expect(said).not.toContain('"HIGH"');
  expect(said).not.toContain('"payments"');
});

test('filters by what alerts have are fine', () => {
  const filter = {
    severity: ['HIGH', 'CRITICAL'],
    code: ['stuck-pending', 'weekly-digest'],
    owner: ['payments'],
    account: ['111122223333'],
  };
  expect(saidOf({ subscriptions: [EVERYBODY, filtered(filter)], owners: ['payments'] })).toBe('');
});

test('a filter by the body is refused: alerts are plain text', () => {
  const said = saidOf({ subscriptions: [EVERYBODY] }, ({ alertTopic }) => {
    alertTopic.addSubscription({
      bind: () => ({
        protocol: SubscriptionProtocol.EMAIL,
        endpoint: 'body@example.com',
        subscriberId: 'body',
        filterPolicyWithMessageBody: {
          x: { isPolicy: () => false, isFilter: () => true, filterDoc: SubscriptionFilter.existsFilter() },
        } as never,
      }),
    });
  });
  expect(said).toContain('is about the body');
});

test('all that is wrong with properties is reported together, before anything is made', () => {
  const make = () =>
    saidOf({
      stuckAfter: Duration.seconds(0),
      metricsNamespace: 'AWS/Mine',
      worstSecrets: 1000,
      sweepInterval: Duration.seconds(90),
      slackWebhookParameterName: 'no name',
      members: [{ accounts: ['1'], regions: [] }],
    });
  let said = '';
  try {
    make();
  } catch (error) {
    said = String(error);
  }
  for (const name of [
    'stuckAfter',
    'metricsNamespace',
    'worstSecrets',
    'sweepInterval',
    'slackWebhookParameterName',
    'members',
    'memberExternalId',
  ])
    expect(said).toContain(`\n  ${name}: `);
});
