import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { runAwsCommand } from '../../src/proving/operator/aws-cli.ts';
import { seededRandom } from '../../src/simulator/call/random.ts';
import { failingNightlyAt, START } from '../support/deployed.ts';
import { type FakeSlack, fakeSlack, type SlackPost, shown, TOKEN } from '../support/fake-slack.ts';
import type { TestSimulator } from '../support/simulated.ts';
import { aDeployedMonitor, type DeployedMonitor, fullHome } from '../support/template/deployed-monitor.ts';

/** The monitor in a simulated AWS with one secret that sticks every night at setSecret, posting to a Slack. */
const aSlackDeployment = (wire = false): Promise<DeployedMonitor> =>
  aDeployedMonitor(failingNightlyAt('setSecret'), {
    wire,
    observability: false,
    parameters: { RunbookBaseUrl: 'https://wiki.example.com/runbooks' },
  });

const PLAN = fullHome();
const DEAD_LETTERS = PLAN.idOf('AWS::SQS::Queue', 'DeadLetters');
const CHAT_QUEUES = [PLAN.idOf('AWS::SQS::Queue', 'SlackMessages'), DEAD_LETTERS];

const titles = (posts: readonly SlackPost[]) => posts.map((post) => shown(post)[0]);
const stuckIn = ({ posts }: FakeSlack) =>
  posts.find((post) => shown(post)[0] === '[HIGH] prod/orders: stuck-pending');
const chatQueues = (simulator: TestSimulator) =>
  CHAT_QUEUES.map((name) => simulator.queues.find(name).depth());
const EMPTY = { visible: 0, inFlight: 0, delayed: 0 };

test('a stuck secret is reported in Slack with age, step, risk, commands and links, and so is its end', async () => {
  const { simulator, slack, deployment } = await aSlackDeployment();
  await simulator.clock.advanceTo(later(START, 4.5 * HOUR));
  const stuck = stuckIn(slack);
  const texts = stuck === undefined ? [] : shown(stuck);
  expect(texts.join('\n')).toMatch(/\*Risk:\* \w+/);
  expect(texts).toContain('*State:* rose');
  expect(texts).toContain('*Failing step:* setSecret');
  expect(texts.join('\n')).toMatch(/\*Since:\* 2026-11-01T\d\d:\d\d:\d\dZ \(1 h/);
  expect(texts.join('\n')).toMatch(/```\naws secretsmanager [^`]+--region eu-west-1\n/);
  expect(texts).toContain(
    '<https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=prod%2Forders&region=eu-west-1|Console>',
  );
  expect(texts).toContain('<https://wiki.example.com/runbooks/stuck-pending.md|Runbook>');
  expect(titles(slack.posts)).toEqual(simulator.sns.inbox.map(({ subject }) => subject));

  simulator.secretsManager.functions.register({ name: 'rotate-orders', behaviour: 'healthy' });
  const commands = texts.flatMap((text) => /```\n([^`]+)\n```/.exec(text)?.[1]?.split('\n') ?? []);
  expect(commands[0]).toMatch(/^rotation-monitor explain arn:.* --region eu-west-1$/);
  for (const command of commands.slice(1)) {
    const outcome = await runAwsCommand(simulator, command, { uuid: seededRandom(7).uuid });
    expect(outcome.kind, JSON.stringify(outcome)).not.toBe('refused');
    await simulator.clock.advance(MINUTE);
  }
  await simulator.clock.advance(HOUR);
  expect(titles(slack.posts).at(-1)).toBe('[RESOLVED] prod/orders: stuck-pending');
  expect(chatQueues(simulator)).toEqual([EMPTY, EMPTY]);
  expect(simulator.cloudWatch.last('ChatMessagesDelivered')).toBe(1);
  expect(deployment.failedRuns()).toBe(0);
  expect(simulator.callLog.counts(deployment.functionOf('notify-slack').role)).toMatchObject({
    'ssm:GetParameter': 1,
  });
});

test('a pause that Slack asks for is kept, and nothing is lost', async () => {
  const { simulator, slack } = await aSlackDeployment();
  slack.answer({ status: 429, body: '', headers: { 'retry-after': '600' } });
  while (slack.requests() === 0) await simulator.clock.advance(MINUTE);
  const asked = simulator.clock.now();
  slack.answer({ status: 200, body: 'ok' });
  await simulator.clock.advanceTo(later(asked, 8 * MINUTE));
  expect(slack.requests()).toBe(1);
  await simulator.clock.advanceTo(later(asked, 12 * MINUTE));
  expect(slack.posts).toHaveLength(1);
});

test('a revoked webhook is reported on the health topic once, and once that a new one got what waited', async () => {
  const { simulator, slack } = await aSlackDeployment();
  slack.answer({ status: 404, body: 'no_service' });
  while (slack.requests() === 0) await simulator.clock.advance(MINUTE);
  await simulator.clock.advance(20 * MINUTE);
  const faults = () => simulator.sns.inbox.filter(({ attributes }) => attributes['code'] === 'channel-fault');
  const told = { address: 'platform@example.com', subject: '[HIGH] Alerts do not reach Slack: revoked' };
  expect(faults()).toMatchObject([told]);
  expect(slack.posts).toEqual([]);
  const next = await fakeSlack();
  const Name = '/rotation-monitor/slack-webhook';
  const put = { Name, Value: next.url, Overwrite: true };
  await simulator.call('ssm', 'PutParameter', put, 'operator');
  await simulator.clock.advance(30 * MINUTE);
  expect(titles(next.posts).length).toBeGreaterThan(0);
  expect(faults()).toMatchObject([
    told,
    { address: 'platform@example.com', subject: '[RESOLVED] Alerts reach Slack again' },
  ]);
  expect(faults()[1]?.message).toMatch(/^Slack accepts messages again; it had been down for \d+ min/);
});

test('what nobody repairs ends in the dead-letter queue, which is reported, and e-mail goes on', async () => {
  const { simulator, slack } = await aSlackDeployment();
  slack.answer({ status: 403, body: 'invalid_token' });
  while (chatQueues(simulator)[1]?.visible === 0) await simulator.clock.advance(MINUTE);
  await simulator.clock.advance(HOUR);
  const letters = simulator.sns.inbox.filter(({ attributes }) => attributes['code'] === 'dead-letters');
  expect(letters.map(({ address }) => address)).toEqual(['platform@example.com']);
  expect(letters[0]?.message).toContain(DEAD_LETTERS);
  expect(simulator.sns.inbox.map(({ subject }) => subject)).toContain('[HIGH] prod/orders: stuck-pending');
});

test('what anybody else puts into the chat topic is dropped', async () => {
  const { simulator, slack, logs } = await aSlackDeployment();
  const { chatTopicArn: TopicArn } = PLAN.config;
  await simulator.call('sns', 'Publish', { TopicArn, Message: `{"title":"<!channel> ${TOKEN}"}` }, 'other');
  await simulator.clock.advance(MINUTE);
  expect(slack.requests()).toBe(0);
  expect(chatQueues(simulator)).toEqual([EMPTY, EMPTY]);
  expect(simulator.cloudWatch.last('ChatMessagesUnrecognised')).toBe(1);
  expect(logs.join('\n')).toContain('Dropped a chat message that is not ours');
});

test('the planted token of the webhook is in no log, metric, mail, queue, table or error', async () => {
  const { simulator, slack, deployment, logs } = await aSlackDeployment(true);
  const answers = [
    { status: 404, body: TOKEN },
    { status: 500, body: TOKEN },
    { status: 429, body: TOKEN, headers: { 'retry-after': TOKEN } },
    { status: 200, body: TOKEN },
  ];
  for (const answer of answers) {
    const before = slack.requests();
    slack.answer(answer);
    while (slack.requests() === before) await simulator.clock.advance(MINUTE);
  }
  slack.close();
  await simulator.clock.advance(4 * HOUR);
  const waiting = CHAT_QUEUES.map((name) =>
    simulator.queues.receive(simulator.queues.find(name), { max: 10 }),
  );
  const table = await simulator.call('dynamodb', 'Scan', { TableName: PLAN.config.tableName }, 'auditor');
  const metrics = await simulator.call('monitoring', 'ListMetrics', {}, 'auditor');
  const errors = deployment.functions.map(({ name }) =>
    inspect(simulator.functions.stats(name), { depth: null }),
  );
  const mails = simulator.sns.inbox;
  expect(logs.some((line) => line.includes('"reason":"network"'))).toBe(true);
  expect(JSON.stringify({ logs, mails, waiting, table, metrics, errors })).not.toContain(TOKEN);
});
