import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { SecretCache } from '../../client/src/cache/secret-cache.ts';
import { listenForRotations } from '../../client/src/invalidation/listener.ts';
import { PollingSecretCache } from '../../client/src/invalidation/polling-cache.ts';
import { deployMonitor, planMonitor } from '../../src/proving/player/monitor.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { RealClock } from '../../src/simulator/time/clock.ts';
import { until } from '../client/support/listening.ts';
import { sdk } from '../support/simulated.ts';

const NAME = 'prod/orders';
/** Processes that use the secret. */
const PROCESSES = 8;
const ROTATIONS = 100;

/** A deployed monitor on the machine's clock, the topic for processes, and a secret. */
async function aDeployment() {
  const simulator = createSimulator({ clock: new RealClock(), seed: 1 });
  onTestFinished(() => simulator.close());
  const { secretsManager } = simulator;
  secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  const schedule = { schedule: 'rate(30 days)', duration: '1h' };
  secretsManager.seed({ name: NAME, kind: 'function', function: 'rotate', ...schedule });
  const plan = planMonitor(simulator.home, { sweeps: false });
  const { applicationBusName: EventBusName, leaseTableName } = plan.config;
  await deployMonitor(simulator, plan);
  const { TopicArn = '' } = (await simulator.call('sns', 'CreateTopic', { Name: 'moves' }, 'operator')) as {
    TopicArn?: string;
  };
  const rule = { Name: 'moves', EventBusName };
  const EventPattern = JSON.stringify({ source: ['secret-rotation-monitor'] });
  await simulator.call('events', 'PutRule', { ...rule, EventPattern }, 'operator');
  const Targets = [{ Id: 'topic', Arn: TopicArn }];
  await simulator.call('events', 'PutTargets', { Rule: 'moves', EventBusName, Targets }, 'operator');
  return { simulator, topicArn: TopicArn, leaseTableName };
}

/** The version in use, as the simulator knows it. */
function current({ secretsManager }: Simulator): string {
  const [last] = [...secretsManager.history(NAME)].slice(-1);
  return Object.entries(last?.stages ?? {}).find(([, labels]) => labels.includes('AWSCURRENT'))?.[0] ?? '';
}

/** Moves AWSCURRENT to a new version, or back to the one before. */
async function move(simulator: Simulator, way: 'on' | 'back'): Promise<string> {
  const [last] = [...simulator.secretsManager.history(NAME)].slice(-1);
  const from = current(simulator);
  const previous = Object.entries(last?.stages ?? {}).find(([, labels]) =>
    labels.includes('AWSPREVIOUS'),
  )?.[0];
  if (way === 'back' && previous !== undefined) {
    const labels = { VersionStage: 'AWSCURRENT', MoveToVersionId: previous, RemoveFromVersionId: from };
    await simulator.call(
      'secretsmanager',
      'UpdateSecretVersionStage',
      { SecretId: NAME, ...labels },
      'operator',
    );
  } else {
    const ClientRequestToken = crypto.randomUUID();
    const SecretString = ClientRequestToken;
    await simulator.call(
      'secretsmanager',
      'PutSecretValue',
      { SecretId: NAME, ClientRequestToken, SecretString },
      'owner',
    );
  }
  return current(simulator);
}

/** A process that listens and remembers the versions that were reported to it. */
function aListener(
  { simulator, topicArn, leaseTableName: tableName = '' }: Awaited<ReturnType<typeof aDeployment>>,
  name: string,
) {
  const cache = new SecretCache({ client: new SecretsManagerClient(sdk(simulator, name)) });
  const told: string[] = [];
  cache.onRotate(NAME, ({ VersionId }) => void told.push(VersionId));
  const listener = listenForRotations({
    cache,
    topicArn,
    consumer: name,
    sqs: new SQSClient(sdk(simulator, name)),
    sns: new SNSClient(sdk(simulator, name)),
    lease: { tableName, client: new DynamoDBClient(sdk(simulator, name)) },
  });
  onTestFinished(async () => {
    await listener.close();
    await cache.close();
  });
  return { cache, listener, told, inUse: () => cache.held()[0]?.VersionId };
}

test('eight processes follow a hundred moves, some of them back, in order and with few reads', async (context) => {
  const place = await aDeployment();
  const { simulator } = place;
  const processes = Array.from({ length: PROCESSES }, (_, index) => aListener(place, `orders-${index}`));
  await Promise.all(processes.map(({ cache }) => cache.get(NAME)));
  await Promise.all(processes.map(({ listener }) => listener.ready()));
  const moves: string[] = [];
  const took: number[] = [];
  for (let turn = 1; turn <= ROTATIONS; turn++) {
    const startedAt = performance.now();
    const versionId = await move(simulator, turn % 10 === 0 ? 'back' : 'on');
    moves.push(versionId);
    await until(() => processes.every(({ inUse }) => inUse() === versionId));
    took.push(performance.now() - startedAt);
  }
  for (const { told } of processes) expect(told).toEqual(moves);
  const reads = processes.map(
    (_, index) => simulator.callLog.counts(`orders-${index}`)['secretsmanager:GetSecretValue'] ?? 0,
  );
  // One at the start, one when it listens, one a move.
  expect(Math.max(...reads)).toBeLessThanOrEqual(ROTATIONS + 2);
  const sorted = took.sort((a, b) => a - b);
  await context.annotate(`pushed: median ${sorted[50]?.toFixed(0)} ms, p99 ${sorted[98]?.toFixed(0)} ms`);
});

test('processes that look by themselves follow within their interval, without an event', async () => {
  const { simulator } = await aDeployment();
  const caches = Array.from({ length: PROCESSES }, () => {
    const cache = new PollingSecretCache({
      client: new SecretsManagerClient(sdk(simulator, 'poller')),
      intervalMs: 50,
      ttlMs: 3_600_000,
    });
    onTestFinished(() => cache.close());
    return cache;
  });
  simulator.eventBridge.setFaults({ drop: 1 });
  for (const way of ['on', 'on', 'back'] as const) {
    const versionId = await move(simulator, way);
    await until(async () => {
      const values = await Promise.all(caches.map((cache) => cache.get(NAME)));
      return values.every(({ VersionId }) => VersionId === versionId);
    });
  }
});
