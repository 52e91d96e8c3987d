import { expect, test } from 'vitest';
import * as z from 'zod';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { runAwsCommand } from '../../src/proving/operator/aws-cli.ts';
import { seededRandom } from '../../src/simulator/call/random.ts';
import { aDeployment, type Deployed, START } from '../support/deployed.ts';
import type { TestSimulator } from '../support/simulated.ts';

/** One secret whose rotation splits it every night: the target has the new password, AWSCURRENT is the old one. */
const split = ({ secretsManager }: TestSimulator): void => {
  secretsManager.functions.register({ name: 'rotate-ledger', behaviour: 'error', step: 'testSecret' });
  secretsManager.seed({
    name: 'prod/ledger',
    kind: 'function',
    function: 'rotate-ledger',
    schedule: 'cron(0 2 * * ? *)',
    duration: '1h',
  });
};
/** Events and deadlines bring most of it. */
const SELDOM = { sweepEveryMs: 15 * MINUTE };
const mailsTo = (address: string, { inbox }: Deployed) => inbox().filter((mail) => mail.address === address);
const subjects = (address: string, deployed: Deployed) =>
  mailsTo(address, deployed).map(({ subject }) => subject);

const FAILED = '[CRITICAL] prod/ledger: rotation-failed';
const UNHEARD = `${FAILED} (not acknowledged)`;
const stored = z.object({ Items: z.array(z.object({ body: z.object({ S: z.string() }).optional() })) });

test('what nobody acknowledges for 30 minutes goes to the escalation route, and so does its end', async () => {
  const deployed = await aDeployment(split);
  const { simulator } = deployed;
  await simulator.clock.advanceTo(later(START, 5 * HOUR));
  expect(subjects('oncall@example.com', deployed)).toEqual([FAILED, UNHEARD]);
  expect(subjects('manager@example.com', deployed)).toEqual([UNHEARD]);
  const [first, again] = mailsTo('oncall@example.com', deployed);
  const waited = (again?.at ?? 0) - (first?.at ?? 0);
  expect(waited).toBeGreaterThanOrEqual(30 * MINUTE);
  expect(waited).toBeLessThan(36 * MINUTE);

  simulator.secretsManager.functions.register({ name: 'rotate-ledger', behaviour: 'healthy' });
  for (const line of (again?.message ?? '')
    .split('\n')
    .filter((text) => /^ {3}aws lambda invoke /.test(text)))
    await runAwsCommand(simulator, line.trim(), { uuid: seededRandom(7).uuid });
  await simulator.clock.advance(20 * MINUTE);
  for (const address of ['oncall@example.com', 'manager@example.com'])
    expect(subjects(address, deployed).at(-1)).toBe('[RESOLVED] prod/ledger: rotation-failed');
  expect(deployed.errors()).toBe(0);
});

test('what somebody acknowledges is not escalated', async () => {
  const deployed = await aDeployment(split);
  const { simulator, deployment } = deployed;
  while (deployed.mails().length === 0) await simulator.clock.advance(MINUTE);
  await simulator.functions.invoke(deployment.functionOf('acknowledge').name, {
    secretId: 'prod/ledger',
    for: '3h',
    by: 'alex',
  });
  await simulator.clock.advance(2 * HOUR);
  expect(subjects('oncall@example.com', deployed)).toEqual([FAILED]);
  expect(subjects('manager@example.com', deployed)).toEqual([]);
});

test('an escalation route that is gone is reported on the health topic, and the alert topic has to do', async () => {
  const deployed = await aDeployment(split, SELDOM);
  const { simulator, deployment } = deployed;
  await simulator.call('sns', 'DeleteTopic', { TopicArn: deployment.config.escalationTopicArn }, 'operator');
  await simulator.clock.advanceTo(later(START, 5 * HOUR));
  expect(subjects('oncall@example.com', deployed)).toEqual([FAILED, UNHEARD]);
  expect(subjects('platform@example.com', deployed)).toContain(
    '[HIGH] Alerts do not reach the escalation topic: not-found',
  );
  const table = await simulator.call(
    'dynamodb',
    'Scan',
    { TableName: deployment.config.tableName },
    'auditor',
  );
  const outboxes = stored.parse(table).Items.map(({ body }) => body?.S ?? '');
  expect(outboxes.some((body) => body.includes('"transition":"escalated"'))).toBe(false);
  expect(deployed.errors()).toBe(0);
});

test('an alert topic that is gone keeps nobody from being called, once', async () => {
  const deployed = await aDeployment(split, SELDOM);
  const { simulator, deployment } = deployed;
  const { alertTopicArn: TopicArn, healthTopicArn } = deployment.config;
  await simulator.call('sns', 'DeleteTopic', { TopicArn }, 'operator');
  await simulator.clock.advanceTo(later(START, 5 * HOUR));
  expect(subjects('manager@example.com', deployed)).toEqual([UNHEARD]);
  expect(mailsTo('platform@example.com', deployed).map(({ topicArn }) => topicArn)).toContain(healthTopicArn);
});
