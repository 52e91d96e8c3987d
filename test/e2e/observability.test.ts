import type { Context } from 'aws-lambda';
import { expect, test } from 'vitest';
import { type Deployment, deploy } from '../../src/cli/embedded/deployment.ts';
import { deployObservability } from '../../src/cli/embedded/observability.ts';
import { composeSweep } from '../../src/compose/compose-sweep.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { METRICS } from '../../src/domain/metric.ts';
import { alarmDefinitions } from '../../src/observability/alarms/alarm-definitions.ts';
import { AWS_METRICS } from '../../src/observability/aws-metrics.ts';
import { dashboardBodies } from '../../src/observability/dashboards/dashboard-bodies.ts';
import { START } from '../support/deployed.ts';
import { type FakeSlack, fakeSlack } from '../support/fake-slack.ts';
import { type MetricNamed, namedInAlarm, namedInDashboard } from '../support/metric-references.ts';
import { aSimulator, type TestSimulator } from '../support/simulated.ts';

/** So many secrets that the list has a second page, before which a sweep can be handed over. */
const SECOND_PAGE = 101;
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** A monitor with Slack, dashboards and alarms, and secrets that rotate well and badly in every way that is counted. */
async function aTroubledDeployment(slack: FakeSlack) {
  const simulator = aSimulator(START);
  const { clock, secretsManager } = simulator;
  const schedule = { schedule: 'cron(0 2 * * ? *)', duration: '2h' };
  for (const step of STEPS) {
    secretsManager.functions.register({ name: `rotate-${step}`, behaviour: 'error', step });
    secretsManager.seed({ name: `bad/${step}`, kind: 'function', function: `rotate-${step}`, ...schedule });
  }
  secretsManager.functions.register({ name: 'rotate-well', behaviour: 'healthy' });
  secretsManager.functions.register({
    name: 'rotate-twice',
    behaviour: 'flaky',
    step: 'setSecret',
    times: 1,
  });
  secretsManager.functions.register({ name: 'rotate-hanging', behaviour: 'hang', step: 'setSecret' });
  const replicas = [{ region: 'us-east-1', status: 'InSync', message: undefined }] as const;
  secretsManager.seed({ name: 'good/db', kind: 'function', function: 'rotate-well', ...schedule, replicas });
  secretsManager.seed({ name: 'good/flaky', kind: 'function', function: 'rotate-twice', ...schedule });
  secretsManager.seed({ name: 'bad/hanging', kind: 'function', function: 'rotate-hanging', ...schedule });
  secretsManager.seed({ name: 'bad/managed', kind: 'managed', ...schedule });
  secretsManager.configure('bad/managed', { managedFails: true });
  const later = { schedule: 'cron(0 4 * * ? *)', duration: '1h' };
  secretsManager.seed({ name: 'bad/later', kind: 'function', function: 'rotate-setSecret', ...later });
  for (let index = 0; index < SECOND_PAGE; index += 1)
    secretsManager.seed({ name: `still/${index}`, kind: 'none' });
  const deployment = await deploy(simulator, {
    slack: { webhookUrl: slack.url },
    readers: { health: 'health@example.com' },
    environment: { ROTATION_MONITOR_SWEEP_INTERVAL: '10m' },
  });
  const watched = await deployObservability(simulator, deployment);
  await deployment.start();
  return { clock, simulator, deployment, watched };
}

type Troubled = Awaited<ReturnType<typeof aTroubledDeployment>>;

/** A night of rotations, and everything else that is counted when it happens. */
async function goThroughTrouble({ clock, simulator, deployment }: Troubled, slack: FakeSlack): Promise<void> {
  const operate = (operation: string, input: object) =>
    simulator.call('secretsmanager', operation, { ...input }, 'operator');
  await clock.advance(3 * HOUR);
  slack.answer({ status: 500, body: 'no' });
  await clock.advance(HOUR);
  simulator.faults.add({ kind: 'server-error', probability: 1, service: 'sns', role: 'deliver' });
  await clock.advance(50 * MINUTE);
  await operate('PutSecretValue', {
    SecretId: 'bad/hanging',
    SecretString: '{"username":"app","password":"by-hand"}',
    ClientRequestToken: '0d0d0d0d-0000-4000-8000-000000000009',
  });
  const QueueUrl = deployment.config.deliveryQueueUrl.replace('rotation-delivery', 'rotation-events');
  const MessageBody = '{"source":"aws.secretsmanager"}';
  await simulator.call('sqs', 'SendMessage', { QueueUrl, MessageBody }, 'operator');
  await clock.advance(MINUTE);
  simulator.eventBridge.setFaults({ drop: 1 });
  await operate('RotateSecret', {
    SecretId: 'good/db',
    ClientRequestToken: '0d0d0d0d-0000-4000-8000-000000000010',
  });
  await clock.advance(80 * MINUTE);
  await Promise.all([simulator.functions.invoke('sweep', {}), simulator.functions.invoke('sweep', {})]);
  await sweepOutOfTime(simulator, deployment);
  await clock.advance(10 * MINUTE);
}

/** A sweep whose time has run out once it has read a page. */
async function sweepOutOfTime(simulator: TestSimulator, { config }: Deployment): Promise<void> {
  // A handler reads its settings when it is loaded; the deployment has set them by now.
  const { createSweep } = await import('../../src/handlers/sweep.ts');
  const sweep = createSweep(
    composeSweep(config, {
      clock: simulator.clock,
      requestHandler: simulator.requestHandler('sweep'),
      writeLine: (line) => void simulator.cloudWatch.ingestEmf(line),
    }),
  );
  await sweep(
    {} as never,
    { awsRequestId: 'out-of-time', getRemainingTimeInMillis: () => 0 } as Context,
    () => undefined,
  );
}

interface Listed {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

/** Why a metric is not as dashboards and alarms want it. */
const outsideCatalogue = (named: readonly MetricNamed[]): readonly MetricNamed[] => {
  const own = Object.entries(METRICS).map(
    ([name, { dimensions }]) => [name, { namespace: 'SecretRotation', dimensions }] as const,
  );
  const catalogue = [...own, ...Object.entries(AWS_METRICS)];
  return named.filter(
    ({ namespace, name, dimensions }) =>
      !catalogue.some(
        ([known, metric]) =>
          known === name &&
          metric.namespace === namespace &&
          [...metric.dimensions].sort().join() === dimensions.join(),
      ),
  );
};

const isAmong =
  (published: readonly Listed[]) =>
  ({ namespace, name, dimensions, values }: MetricNamed): boolean =>
    published.some(
      ({ Namespace, MetricName, Dimensions }) =>
        Namespace === namespace &&
        MetricName === name &&
        Dimensions.map(({ Name }) => Name)
          .sort()
          .join() === dimensions.join() &&
        (values === undefined ||
          namespace.startsWith('AWS/') ||
          Dimensions.every(({ Name, Value }) => values[Name] === Value)),
    );

test('every metric of dashboards and alarms is in the catalogue and published with exactly its dimensions', async () => {
  const slack = await fakeSlack();
  const troubled = await aTroubledDeployment(slack);
  const { service, findings } = alarmDefinitions(troubled.watched);
  const named = [
    ...Object.entries(dashboardBodies(troubled.watched)).flatMap(([name, body]) =>
      namedInDashboard(name, body),
    ),
    ...[...service, ...findings].flatMap(namedInAlarm),
  ];
  expect(named.length).toBeGreaterThan(100);
  expect(outsideCatalogue(named)).toEqual([]);
  await goThroughTrouble(troubled, slack);
  const answer = await troubled.simulator.call('monitoring', 'ListMetrics', {}, 'test');
  const published = (answer as { Metrics: Listed[] }).Metrics;
  const unpublished = named.filter((each) => !isAmong(published)(each));
  expect(unpublished.map(({ where, name, values }) => [where, name, values])).toEqual([]);
});
