import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { runAwsCommand } from '../../src/proving/operator/aws-cli.ts';
import { seededRandom } from '../../src/simulator/call/random.ts';
import { START } from '../support/deployed.ts';
import { shown } from '../support/fake-slack.ts';
import type { TestSimulator } from '../support/simulated.ts';
import { aDeployedMonitor } from '../support/template/deployed-monitor.ts';

/** One secret that sticks every night and one that does not. */
function oneOfTwoSticks({ secretsManager }: TestSimulator): void {
  secretsManager.functions.register({ name: 'broken', behaviour: 'error', step: 'setSecret' });
  secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  const schedule = { schedule: 'cron(0 2 * * ? *)', duration: '2h' };
  secretsManager.seed({ name: 'prod/orders', kind: 'function', function: 'broken', ...schedule });
  secretsManager.seed({ name: 'prod/stock', kind: 'function', function: 'rotate', ...schedule });
}

test('a rotation that fails is reported through the deployed wiring, by e-mail and in Slack, and so is its end', async () => {
  const { simulator, slack, watcher, subjects, deployment } = await aDeployedMonitor(oneOfTwoSticks, {
    wire: true,
  });
  const inSlack = () => slack.posts.map((post) => shown(post)[0]);
  const told = await applicationOf(simulator);

  await simulator.clock.advanceTo(later(START, 6 * HOUR));
  const stuck = '[HIGH] prod/orders: stuck-pending';
  expect(subjects('Alerts')).toContain(stuck);
  expect(inSlack()).toContain(stuck);
  expect(subjects('Alerts').join()).not.toContain('prod/stock');
  expect(subjects('Health').filter((subject) => !subject.startsWith('OK: '))).toEqual([]);
  expect(told.length).toBeGreaterThan(0);
  expect(watcher.requests.length).toBeGreaterThan(0);

  const asked = { secretId: 'prod/orders', for: '8h', by: 'alex' };
  const answer = await simulator.functions.invoke(deployment.functionOf('acknowledge').name, asked);
  expect(answer).toMatchObject({ acknowledged: expect.arrayContaining(['stuck-pending']) });
  await simulator.functions.invoke(deployment.functionOf('open-alerts-widget').name, {});

  await repair(simulator);
  await simulator.clock.advance(10 * MINUTE);
  const resolved = '[RESOLVED] prod/orders: stuck-pending';
  expect(subjects('Alerts').at(-1)).toBe(resolved);
  expect(inSlack().at(-1)).toBe(resolved);
  expect(deployment.failedRuns()).toBe(0);
});

/** Repairs the function, then types what the last mail about it says. */
async function repair(simulator: TestSimulator): Promise<void> {
  const mail = simulator.sns.inbox.findLast(({ subject }) => subject.includes('prod/orders'));
  const commands = mail?.message.split('\n').filter((line) => line.startsWith('   aws ')) ?? [];
  simulator.secretsManager.functions.register({ name: 'broken', behaviour: 'healthy' });
  const { uuid } = seededRandom(7);
  for (const command of commands) await runAwsCommand(simulator, command.trim(), { uuid });
}

/** Returns the events that an application receives on its bus. */
async function applicationOf(simulator: TestSimulator): Promise<readonly unknown[]> {
  const told: unknown[] = [];
  const application = simulator.functions.register('application', (event) => void told.push(event));
  const rule = { Name: 'application', EventBusName: 'applications' };
  const EventPattern = JSON.stringify({ source: ['secret-rotation-monitor'] });
  await simulator.call('events', 'PutRule', { ...rule, EventPattern }, 'operator');
  const targets = { Rule: rule.Name, EventBusName: rule.EventBusName };
  const Targets = [{ Id: 'application', Arn: application }];
  await simulator.call('events', 'PutTargets', { ...targets, Targets }, 'operator');
  return told;
}
