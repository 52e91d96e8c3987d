import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { adviceIn } from '../../src/proving/court/told/told-in.ts';
import { followAdvice } from '../../src/proving/operator/operator.ts';
import { seededRandom } from '../../src/simulator/call/random.ts';
import { aDeployment, type Deployed, failingNightlyAt, START } from '../support/deployed.ts';

/** A schedule runs within a minute after its time. */
const SCHEDULE_PRECISION_MS = MINUTE;

const stuckAtSetSecret = failingNightlyAt('setSecret');
const splitAtTestSecret = failingNightlyAt('testSecret');
const repaired = ({ simulator }: Deployed) =>
  simulator.secretsManager.functions.register({ name: 'rotate-orders', behaviour: 'healthy' });

const stuckFrom = ({ simulator }: Deployed): number =>
  simulator.secretsManager
    .history('prod/orders')
    .find(({ stages }) => Object.values(stages).flat().includes('AWSPENDING'))?.at ?? 0;

/** Seldom enough for days to pass quickly. */
const OVER_DAYS = { sweepEveryMs: HOUR };

test('a stuck AWSPENDING is announced with what, why, blast radius and exact commands', async () => {
  const deployed = await aDeployment(stuckAtSetSecret, { wire: true });
  await deployed.simulator.clock.advanceTo(later(START, 4.5 * HOUR));
  const stuck = deployed.mails().find(({ subject }) => subject === '[HIGH] prod/orders: stuck-pending');
  const arn = [...deployed.simulator.secretsManager.secrets()][0]?.arn ?? '';
  const pending = /AWSPENDING on version ([0-9a-f-]{36})/.exec(stuck?.message ?? '')?.[1];
  expect(pending).toBeDefined();
  expect(stuck?.message).toContain('failing at setSecret');
  expect(stuck?.message).toContain('CREDENTIAL IN USE');
  expect(stuck?.message).toContain(
    `aws secretsmanager update-secret-version-stage --secret-id ${arn} --version-stage AWSPENDING --remove-from-version-id ${pending} --region eu-west-1`,
  );
  expect(deployed.errors()).toBe(0);
});

test('without any event, and no history to look in, it is announced within threshold and one sweep', async () => {
  const deployed = await aDeployment(stuckAtSetSecret, { props: { eventHistory: false } });
  deployed.simulator.eventBridge.setFaults({ drop: 1 });
  await deployed.simulator.clock.advanceTo(later(START, 4.5 * HOUR));
  expect(deployed.subjects()).toEqual(['[HIGH] prod/orders: stuck-pending']);
  const told = deployed.mails()[0]?.at ?? 0;
  expect(told - stuckFrom(deployed)).toBeGreaterThan(HOUR);
  const sweepAtTheLatest = HOUR + 5 * MINUTE + SCHEDULE_PRECISION_MS;
  expect(told - stuckFrom(deployed)).toBeLessThanOrEqual(sweepAtTheLatest + 31_000);
  expect(
    deployed.simulator.functions.stats(deployed.deployment.functionOf('on-rotation-event').name).invocations,
  ).toBe(0);
});

test('an event that could not be stored comes back, and is announced without any sweep', async () => {
  const deployed = await aDeployment(splitAtTestSecret, { sweepEveryMs: 6 * HOUR, wire: true });
  const { simulator, deployment } = deployed;
  const { name, role } = deployment.functionOf('on-rotation-event');
  const broken = simulator.faults.add({
    kind: 'server-error',
    probability: 1,
    service: 'dynamodb',
    operation: 'PutItem',
    role,
  });
  const failed = () => simulator.functions.stats(name).invocations > 1;
  while (!failed() && simulator.clock.now() < later(START, 5 * HOUR)) await simulator.clock.advance(MINUTE);
  expect(failed()).toBe(true);
  broken();
  simulator.eventBridge.setFaults({ drop: 1 });
  expect(deployed.subjects()).toEqual([]);
  await simulator.clock.advance(30 * MINUTE);
  expect(deployed.subjects()[0]).toMatch(/^\[CRITICAL\] prod\/orders: /);
});

test('with events it is announced sooner', async () => {
  const deployed = await aDeployment(stuckAtSetSecret);
  await deployed.simulator.clock.advanceTo(later(START, 4.5 * HOUR));
  expect(deployed.subjects()).toEqual([
    '[MEDIUM] prod/orders: rotation-failed',
    '[HIGH] prod/orders: stuck-pending',
  ]);
  expect((deployed.mails()[0]?.at ?? 0) - stuckFrom(deployed)).toBeLessThan(25 * MINUTE);
});

test.each([
  ['stuck at setSecret', stuckAtSetSecret, '[RESOLVED] prod/orders: stuck-pending'],
  ['split at testSecret', splitAtTestSecret, '[RESOLVED] prod/orders: stuck-pending'],
])('the commands of the alert repair a secret %s, and that is reported', async (_case, prepare, resolved) => {
  const deployed = await aDeployment(prepare, { sweepEveryMs: HOUR / 2 });
  await deployed.simulator.clock.advanceTo(later(START, 8 * HOUR));
  const { message } = deployed.mails().at(-1) ?? { message: '' };
  repaired(deployed);
  const { simulator } = deployed;
  const desk = { simulator, secretArn: 'prod/orders', uuid: seededRandom(7).uuid };
  for (const { commands } of await followAdvice(desk, adviceIn(message)))
    for (const { outcome } of commands) expect(outcome.kind, JSON.stringify(outcome)).not.toBe('refused');
  await deployed.simulator.clock.advance(10 * MINUTE);
  expect(deployed.subjects().at(-1)).toBe(resolved);
  const last = deployed.simulator.secretsManager.history('prod/orders').at(-1);
  const [current] =
    Object.entries(last?.stages ?? {}).find(([, stages]) => stages.includes('AWSCURRENT')) ?? [];
  expect(last?.databaseAccepts).toContain(current);
});

test('a healthy fleet is never announced', async () => {
  const deployed = await aDeployment(({ secretsManager }) => {
    secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
    secretsManager.functions.register({ name: 'flaky', behaviour: 'flaky', step: 'setSecret', times: 1 });
    secretsManager.seed({ name: 'daily', kind: 'function', function: 'rotate', schedule: 'rate(1 day)' });
    secretsManager.seed({
      name: 'hourly',
      kind: 'function',
      function: 'rotate',
      schedule: 'cron(0 /4 * * ? *)',
    });
    secretsManager.seed({ name: 'flaky', kind: 'function', function: 'flaky', schedule: 'rate(3 days)' });
    secretsManager.seed({ name: 'rds!db-1', kind: 'managed', schedule: 'rate(7 days)' });
    secretsManager.seed({ name: 'copy', kind: 'replica', primaryRegion: 'us-east-1' });
    secretsManager.seed({ name: 'static', kind: 'none' });
  }, OVER_DAYS);
  await deployed.simulator.clock.advanceTo(later(START, 5 * DAY));
  expect(deployed.subjects()).toEqual([]);
  expect(deployed.simulator.cloudWatch.last('RotationFlakes')).toBe(1);
  expect(deployed.errors()).toBe(0);
});

test('applications are notified once of each new version', async () => {
  const deployed = await aDeployment(({ secretsManager }) => {
    secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
    secretsManager.seed({ name: 'daily', kind: 'function', function: 'rotate', schedule: 'rate(1 day)' });
  }, OVER_DAYS);
  const { simulator } = deployed;
  const told: unknown[] = [];
  const Arn = simulator.functions.register('application', (event) => void told.push(event));
  const rule = { Name: 'app', EventBusName: 'applications' };
  const pattern = JSON.stringify({ source: ['secret-rotation-monitor'] });
  await simulator.call('events', 'PutRule', { ...rule, EventPattern: pattern }, 'deployer');
  const Targets = [{ Id: 'app', Arn }];
  await simulator.call(
    'events',
    'PutTargets',
    { Rule: 'app', EventBusName: 'applications', Targets },
    'deployer',
  );
  await simulator.clock.advanceTo(later(START, 4 * DAY));
  const rotations = simulator.secretsManager
    .history('daily')
    .map(({ stages }) => Object.keys(stages).find((version) => stages[version]?.includes('AWSCURRENT')));
  expect(told.length).toBe(new Set(rotations).size - 1);
  expect(told.length).toBeGreaterThanOrEqual(3);
});

test('1,000 old problems at the first sweep are at most three messages', async () => {
  const deployed = await aDeployment(({ secretsManager }) => {
    secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
    secretsManager.seedMany(1000, (index) => ({
      name: `old/${index}`,
      kind: 'function',
      function: 'rotate',
      schedule: 'rate(30 days)',
      nextRotationAt: later(START, -5 * DAY),
      versions: [
        { stages: ['AWSCURRENT'], createdAt: later(START, -40 * DAY) },
        ...(index % 2 === 0
          ? [{ stages: ['AWSPENDING'], value: null, createdAt: later(START, -6 * DAY) }]
          : []),
      ],
    }));
  });
  await deployed.simulator.clock.advanceTo(later(START, 12 * MINUTE));
  expect(deployed.subjects()).toEqual(['[HIGH] First sweep of 111122223333 eu-west-1: 1,000 findings']);
});
