import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { DAY, HOUR, later } from '../../../../src/calendar/instant.ts';
import { accountMonth } from '../../../../src/cli/cost/account-month.ts';
import { cloudwatchDashboardSource } from '../../../../src/monitor/adapters/cloudwatch/cloudwatch-dashboard-source.ts';
import { NOW } from '../../../support/builders.ts';
import { aSimulator, sdk, type TestSimulator } from '../../../support/simulated.ts';

const sourceOf = (simulator: TestSimulator) =>
  cloudwatchDashboardSource(new CloudWatchClient(sdk(simulator)), new LambdaClient(sdk(simulator)));

const count = ({ cloudWatch }: TestSimulator, value: number, at = later(NOW, -HOUR)): void =>
  cloudWatch.put({
    namespace: 'AWS/SecretsManager',
    name: 'ResourceCount',
    dimensions: { Class: 'None', Resource: 'SecretCount', Service: 'Secrets Manager', Type: 'Resource' },
    unit: 'Count',
    at,
    values: { sampleCount: 1, sum: value, minimum: value, maximum: value },
  });

test('every operation is counted over thirty days, the most called one first', async () => {
  const simulator = aSimulator(later(NOW, -40 * DAY));
  const call = (operation: string, input = {}) => simulator.call('secretsmanager', operation, input, 'app');
  simulator.secretsManager.seed({ name: 'prod/db', kind: 'none' });
  await call('ListSecrets');
  await simulator.clock.advance(20 * DAY);
  for (let reads = 0; reads < 3; reads++) await call('GetSecretValue', { SecretId: 'prod/db' });
  await simulator.clock.advance(19 * DAY);
  await call('GetSecretValue', { SecretId: 'prod/db' });
  await call('DescribeSecret', { SecretId: 'prod/db' });
  await simulator.clock.advance(DAY);
  count(simulator, 12);
  const month = await accountMonth(sourceOf(simulator), simulator.clock.now());
  expect(month.operations).toEqual([
    { operation: 'GetSecretValue', calls: 4 },
    { operation: 'DescribeSecret', calls: 1 },
  ]);
  expect(month.secrets).toBe(12);
});

test('where AWS counted nothing lately, the number of secrets is unknown', async () => {
  const simulator = aSimulator();
  count(simulator, 12, later(NOW, -5 * DAY));
  expect(await accountMonth(sourceOf(simulator), NOW)).toMatchObject({ operations: [], secrets: undefined });
});
