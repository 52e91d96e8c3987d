import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { deploy } from '../../src/proving/embedded/deployment.ts';
import { type SideReaders, sideEnvironment } from '../../src/proving/embedded/side-topics.ts';
import { slackEnvironment } from '../../src/proving/embedded/slack.ts';
import { runAwsCommand } from '../../src/proving/operator/aws-cli.ts';
import { seededRandom } from '../../src/simulator/call/random.ts';
import { failingNightlyAt, START } from '../support/deployed.ts';
import { type FakeSlack, fakeSlack, type SlackPost, shown, TOKEN } from '../support/fake-slack.ts';
import { aSimulator, type TestSimulator } from '../support/simulated.ts';
import { withDeployedRights } from '../support/template/deployed-rights.ts';

/** The monitor in a simulated AWS with one secret that sticks every night at setSecret, posting to a Slack. */
async function aSlackDeployment(readers: SideReaders = {}) {
  const slack = await fakeSlack();
  const simulator = aSimulator(START);
  failingNightlyAt('setSecret')(simulator);
  const logs: string[] = [];
  const deployment = await deploy(simulator, {
    slack: { webhookUrl: slack.url },
    readers,
    environment: { ROTATION_MONITOR_RUNBOOK_BASE_URL: 'https://wiki.example.com/runbooks' },
    onLog: (line) => void logs.push(line),
  });
  // A monitor that is deployed always has a health topic; the rights of the notifier are for that one.
  if (readers.health !== undefined) {
    const { home } = simulator;
    withDeployedRights(simulator, { ...slackEnvironment(home), ...sideEnvironment(home, readers) });
  }
  await deployment.start();
  return { simulator, slack, deployment, logs };
}

const titles = (posts: readonly SlackPost[]) => posts.map((post) => shown(post)[0]);
const stuckIn = ({ posts }: FakeSlack) =>
  posts.find((post) => shown(post)[0] === '[HIGH] prod/orders: stuck-pending');
const chatQueues = (simulator: TestSimulator) =>
  ['rotation-chat', 'rotation-dead-letters'].map((name) => simulator.queues.find(name).depth());
const EMPTY = { visible: 0, inFlight: 0, delayed: 0 };

test('a stuck secret is told in Slack with age, step, risk, commands and links, and so is its end', async () => {
  const { simulator, slack, deployment } = await aSlackDeployment();
  await simulator.clock.advanceTo(later(START, 8 * HOUR));
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
  for (const command of commands) {
    const outcome = await runAwsCommand(simulator, command, { uuid: seededRandom(7).uuid });
    expect(outcome.kind, JSON.stringify(outcome)).not.toBe('refused');
    await simulator.clock.advance(MINUTE);
  }
  await simulator.clock.advance(HOUR);
  expect(titles(slack.posts).at(-1)).toBe('[RESOLVED] prod/orders: stuck-pending');
  expect(chatQueues(simulator)).toEqual([EMPTY, EMPTY]);
  expect(simulator.cloudWatch.last('ChatMessagesDelivered')).toBe(1);
  const errors = deployment.roles.map((role) => simulator.functions.stats(role).errors);
  expect(new Set(errors)).toEqual(new Set([0]));
  expect(simulator.callLog.counts('notify-slack')).toMatchObject({ 'ssm:GetParameter': 1 });
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

test.each([
  ['the alert topic', 'oncall@example.com', {}],
  ['the health topic', 'platform@example.com', { health: 'platform@example.com' }],
])(
  'a revoked webhook is told on %s once, and once that a new one got what waited',
  async (_topic, reader, readers) => {
    const { simulator, slack } = await aSlackDeployment(readers);
    slack.answer({ status: 404, body: 'no_service' });
    while (slack.requests() === 0) await simulator.clock.advance(MINUTE);
    await simulator.clock.advance(20 * MINUTE);
    const faults = () =>
      simulator.sns.inbox.filter(({ attributes }) => attributes['code'] === 'channel-fault');
    const told = { address: reader, subject: '[HIGH] Alerts do not reach Slack: revoked' };
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
      { address: reader, subject: '[RESOLVED] Alerts reach Slack again' },
    ]);
    expect(faults()[1]?.message).toMatch(/^Slack takes messages again; it had been down for \d+ min/);
  },
);

test('what nobody repairs ends in the dead-letter queue, which is told, and e-mail goes on', async () => {
  const { simulator, slack } = await aSlackDeployment({ health: 'platform@example.com' });
  slack.answer({ status: 403, body: 'invalid_token' });
  await simulator.clock.advanceTo(later(START, 8 * HOUR));
  const [, dead] = chatQueues(simulator);
  expect(dead?.visible).toBeGreaterThan(0);
  const letters = simulator.sns.inbox.filter(({ attributes }) => attributes['code'] === 'dead-letters');
  expect(letters.map(({ address }) => address)).toEqual(['platform@example.com']);
  expect(letters[0]?.message).toContain('rotation-dead-letters');
  expect(simulator.sns.inbox.map(({ subject }) => subject)).toContain('[HIGH] prod/orders: stuck-pending');
});

test('what anybody else puts into the chat topic is dropped', async () => {
  const { simulator, slack, logs } = await aSlackDeployment();
  const TopicArn = 'arn:aws:sns:eu-west-1:111122223333:rotation-chat';
  await simulator.call('sns', 'Publish', { TopicArn, Message: `{"title":"<!channel> ${TOKEN}"}` }, 'other');
  await simulator.clock.advance(MINUTE);
  expect(slack.requests()).toBe(0);
  expect(chatQueues(simulator)).toEqual([EMPTY, EMPTY]);
  expect(simulator.cloudWatch.last('ChatMessagesUnrecognised')).toBe(1);
  expect(logs.join('\n')).toContain('Dropped a chat message that is not ours');
});

test('the planted token of the webhook is in no log, metric, mail, queue, table or error', async () => {
  const { simulator, slack, deployment, logs } = await aSlackDeployment();
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
  const waiting = ['rotation-chat', 'rotation-dead-letters'].map((name) =>
    simulator.queues.receive(simulator.queues.find(name), { max: 10 }),
  );
  const table = await simulator.call('dynamodb', 'Scan', { TableName: 'rotation-monitor' }, 'auditor');
  const metrics = await simulator.call('monitoring', 'ListMetrics', {}, 'auditor');
  const errors = deployment.roles.map((role) => inspect(simulator.functions.stats(role), { depth: null }));
  const mails = simulator.sns.inbox;
  expect(logs.some((line) => line.includes('"reason":"network"'))).toBe(true);
  expect(JSON.stringify({ logs, mails, waiting, table, metrics, errors })).not.toContain(TOKEN);
});
