import { expect, test } from 'vitest';
import { deployedResources, ofType } from '../../scripts/template/deployed-resources.ts';
import { aFullMonitor } from '../../scripts/template/monitor-stack.ts';
import { statementsOf } from '../../scripts/template/statements.ts';
import { HOUR, later } from '../../src/domain/instant.ts';
import { START } from '../support/deployed.ts';
import { fakeSlack, shown } from '../support/fake-slack.ts';
import { aSimulator, type TestSimulator } from '../support/simulated.ts';
import { deployTemplate } from '../support/template/deploy-template.ts';
import { actionsAllowed, actionsCalled } from '../support/template/granted.ts';
import { aWatcher } from '../support/watcher.ts';

const RESOURCES = deployedResources(aFullMonitor());
const STATEMENTS = statementsOf(RESOURCES);

/** The synthesized monitor in a simulated AWS, with one secret that sticks every night and one that does not. */
async function deployed() {
  const simulator = aSimulator(START);
  const slack = await fakeSlack();
  const { secretsManager } = simulator;
  secretsManager.functions.register({ name: 'broken', behaviour: 'error', step: 'setSecret' });
  secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  const schedule = { schedule: 'cron(0 2 * * ? *)', duration: '2h' };
  secretsManager.seed({ name: 'prod/orders', kind: 'function', function: 'broken', ...schedule });
  secretsManager.seed({ name: 'prod/stock', kind: 'function', function: 'rotate', ...schedule });
  await simulator.call('events', 'CreateEventBus', { Name: 'applications' }, 'operator');
  const parameter = { Name: '/rotation-monitor/slack-webhook', Type: 'SecureString', Value: slack.url };
  await simulator.call('ssm', 'PutParameter', parameter, 'operator');
  const watcher = await aWatcher('your-token');
  await deployTemplate(simulator, RESOURCES, { ROTATION_MONITOR_HEARTBEAT_URL: watcher.url });
  return { simulator, slack, watcher };
}

const subjects = (simulator: TestSimulator, topic: string) =>
  simulator.sns.inbox.filter(({ topicArn }) => topicArn.includes(topic)).map(({ subject }) => subject);

const functionNamed = (handler: string): string =>
  String(
    ofType(RESOURCES, 'AWS::Lambda::Function').find(
      ({ properties }) => properties['Handler'] === `${handler}.handler`,
    )?.properties['FunctionName'],
  );

test('a rotation that fails is told through the deployed wiring, by e-mail and in Slack, and so is its end', async () => {
  const { simulator, slack, watcher } = await deployed();
  const told: unknown[] = [];
  const application = simulator.functions.register('application', (event) => void told.push(event));
  const rule = { Name: 'application', EventBusName: 'applications' };
  const EventPattern = JSON.stringify({ source: ['secret-rotation-monitor'] });
  await simulator.call('events', 'PutRule', { ...rule, EventPattern }, 'operator');
  const targets = { Rule: rule.Name, EventBusName: rule.EventBusName };
  const Targets = [{ Id: 'application', Arn: application }];
  await simulator.call('events', 'PutTargets', { ...targets, Targets }, 'operator');

  await simulator.clock.advanceTo(later(START, 6 * HOUR));
  const stuck = '[HIGH] prod/orders: stuck-pending';
  expect(subjects(simulator, 'Alerts')).toContain(stuck);
  expect(slack.posts.map((post) => shown(post)[0])).toContain(stuck);
  expect(subjects(simulator, 'Alerts').join()).not.toContain('prod/stock');
  expect(subjects(simulator, 'Health')).toEqual([]);
  expect(told.length).toBeGreaterThan(0);
  expect(watcher.requests.length).toBeGreaterThan(0);

  const asked = { secretId: 'prod/orders', for: '8h', by: 'alex' };
  const answer = await simulator.functions.invoke(functionNamed('acknowledge'), asked);
  expect(answer).toMatchObject({ acknowledged: expect.arrayContaining(['stuck-pending']) });
  await simulator.functions.invoke(functionNamed('open-alerts-widget'), {});
  expectGranted(simulator);
});

/** Every call that a function made is allowed by its role in the template; none failed. */
function expectGranted(simulator: TestSimulator): void {
  for (const { properties } of ofType(RESOURCES, 'AWS::Lambda::Function')) {
    const role = String(properties['Role']).split('/').at(-1) ?? '';
    const called = actionsCalled(simulator.callLog, role);
    const allowed = actionsAllowed(STATEMENTS, role);
    expect(
      called.filter((action) => !allowed.includes(action)),
      role,
    ).toEqual([]);
    expect(simulator.functions.stats(String(properties['FunctionName'])).errors, role).toBe(0);
  }
}
