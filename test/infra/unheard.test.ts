import { readdirSync, readFileSync } from 'node:fs';
import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { CfnSubscription, SubscriptionFilter, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { expect, test } from 'vitest';
import { checkProps } from '../../infra/props/prop-faults.ts';
import { AUDIT_SETTING_PROPS, SETTING_PROPS } from '../../infra/props/setting-props.ts';
import { RotationMonitor, type RotationMonitorProps } from '../../infra/rotation-monitor.ts';
import { RotationMonitorMember } from '../../infra/rotation-monitor-member.ts';
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
  return faultsOf(() => app.synth());
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

test('a filter on all subscriptions to the health topic leaves faults of the monitor that reach nobody', () => {
  const healthSubscriptions = [filtered({ severity: ['CRITICAL'] })];
  expect(saidOf({ subscriptions: [EVERYBODY], healthSubscriptions })).toContain(NOBODY);
});

test('subscriptions of other stacks count', () => {
  const elsewhere = ({ alertTopic, healthTopic, node }: RotationMonitor) => {
    const other = new Stack(node.root as App, 'other');
    for (const [id, { topicArn }] of Object.entries({ alertTopic, healthTopic }))
      new CfnSubscription(other, id, { topicArn, protocol: 'email', endpoint: 'oncall@example.com' });
  };
  expect(saidOf({}, elsewhere)).toBe('');
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

/** A subscription whose filter is written as SNS takes it. */
const written = (filterPolicy: object) => (monitor: RotationMonitor) =>
  void new CfnSubscription(monitor, 'Written', {
    topicArn: monitor.alertTopic.topicArn,
    protocol: 'email',
    endpoint: 'written@example.com',
    filterPolicy,
  });

test.each<[string, object]>([
  ['a beginning', { severity: [{ prefix: 'SEV' }] }],
  ['an end', { code: [{ suffix: '-stuck' }] }],
  ['a value in any case', { transition: [{ 'equals-ignore-case': 'Closed' }] }],
  ['a number', { account: [111122223333] }],
  ['a range of numbers', { account: [{ numeric: ['>', 1] }] }],
])('a filter by %s that no alert has is refused', (_case, policy) => {
  const [[, [condition]] = ['', [undefined]]] = Object.entries(policy);
  expect(saidOf({ subscriptions: [EVERYBODY] }, written(policy))).toContain(
    `${JSON.stringify(condition)}, which never comes`,
  );
});

test('a filter by a beginning, an end or anything else that alerts have is fine', () => {
  const policy = {
    severity: [{ 'equals-ignore-case': 'high' }, { 'anything-but': ['LOW'] }],
    code: [{ prefix: 'rotation-' }, { suffix: '-pending' }],
    account: [{ prefix: '1111' }],
    owner: [{ exists: false }],
  };
  expect(saidOf({ subscriptions: [EVERYBODY] }, written(policy))).toBe('');
});

test('filters by what alerts have are fine', () => {
  const filter = {
    severity: ['HIGH', 'CRITICAL'],
    code: ['stuck-pending', 'weekly-digest', 'baseline-digest', 'audit-summary'],
    escalated: ['yes'],
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

test('every snippet of the pages makes a monitor that somebody hears', () => {
  const pages = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)];
  const snippets = pages
    .filter((page) => page.endsWith('.md'))
    .flatMap((page) => [...readFileSync(page, 'utf8').matchAll(/```ts\n(.*?)```/gs)])
    .map(([, code = '']) => code.replaceAll(/^import .*$/gm, ''))
    .filter((code) => code.includes('new RotationMonitor('));
  expect(snippets.length).toBeGreaterThan(1);
  class Stubbed extends RotationMonitor {
    constructor(scope: Stack, id: string, props: RotationMonitorProps) {
      super(scope, id, { handlerFolder: stubHandlers(), ...props });
    }
  }
  for (const code of snippets) {
    const app = new App();
    const snippet = new Function('RotationMonitor', 'EmailSubscription', code);
    snippet.call(new Stack(app, 'rotation-monitor'), Stubbed, EmailSubscription);
    expect(faultsOf(() => app.synth())).toBe('');
  }
});

/** The error of what is made; empty where it can be made. */
function faultsOf(make: () => unknown): string {
  try {
    make();
    return '';
  } catch (error) {
    return String(error);
  }
}

test('all that is wrong with properties is reported together, before anything is made', () => {
  const said = faultsOf(() =>
    saidOf({
      stuckAfter: Duration.seconds(0),
      metricsNamespace: 'AWS/Mine',
      worstSecrets: 1000,
      sweepInterval: Duration.seconds(90),
      slackWebhookParameterName: 'no name',
      heartbeatUrlParameterName: 'https://hc.example/token',
      members: [{ accounts: ['1'], regions: [] }],
    }),
  );
  for (const name of [
    'stuckAfter',
    'metricsNamespace',
    'worstSecrets',
    'sweepInterval',
    'slackWebhookParameterName',
    'heartbeatUrlParameterName',
    'members',
    'memberExternalId',
  ])
    expect(said).toContain(`\n  ${name}: `);
  // Whoever writes the address itself finds no token of it in the log of the build.
  expect(said).not.toContain('hc.example');
});

test('every property that is a setting goes through the parser of its setting', () => {
  const refused = [...SETTING_PROPS, ...AUDIT_SETTING_PROPS].flatMap(({ name, setting }) => {
    // The interval has a rule of its own beside its parser, for durations alone.
    if (name === 'sweepInterval') return [];
    const text = ['no such thing!', '-1'].find((each) => setting.kind.parse(each) === undefined);
    return text === undefined ? [] : [[name, text] as const];
  });
  expect(refused.length).toBeGreaterThan(15);
  const props: object = Object.fromEntries(refused);
  const faults = faultsOf(() => checkProps({ ...props }));
  for (const [name] of refused) expect(faults).toContain(`\n  ${name}: expected `);
});

test('all that is wrong with the properties of a member is reported together, and no external id is repeated', () => {
  const props = {
    monitorAccountId: '1111',
    monitorRegion: 'Ireland',
    monitorEventBusName: 'bus',
    monitorRoleNames: 'rotation-monitor-*',
    externalId: 'not one id',
    regions: ['eu-west-1'],
    roleName: 'a/role',
    roleRegion: 'everywhere',
  };
  const faults = faultsOf(() => new RotationMonitorMember(new Stack(new App(), 'member'), 'Member', props));
  for (const name of ['monitorAccountId', 'monitorRegion', 'externalId', 'roleName', 'roleRegion'])
    expect(faults).toContain(`\n  ${name}: expected `);
  expect(faults).not.toContain('not one id');
});

test('what a member learns when it is deployed is not judged before', () => {
  const stack = new Stack(new App(), 'member');
  const asked = (name: string) => new CfnParameter(stack, name).valueAsString;
  const props = {
    monitorAccountId: asked('Account'),
    monitorRegion: asked('Region'),
    monitorEventBusName: asked('Bus'),
    monitorRoleNames: asked('Roles'),
    externalId: asked('Id'),
    regions: ['eu-west-1'],
  };
  expect(faultsOf(() => new RotationMonitorMember(stack, 'Member', props))).toBe('');
});
