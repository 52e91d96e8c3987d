import { CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import { DAY, HOUR } from '../../../../../src/calendar/instant.ts';
import { clientOf, openAccount, START } from '../../open-account.ts';

const open = (Namespace = 'SecretRotation') => {
  const account = openAccount();
  const client = new CloudWatchClient(clientOf(account));
  return {
    cloudWatch: account.cloudWatch,
    put: (...MetricData: MetricDatum[]) => client.send(new PutMetricDataCommand({ Namespace, MetricData })),
  };
};

test('PutMetricData stores what a single value, several values and a statistic set say', async () => {
  const { put, cloudWatch } = open();
  await put(
    { MetricName: 'A', Value: 5 },
    { MetricName: 'B', Values: [1, 2], Counts: [1, 3] },
    { MetricName: 'C', StatisticValues: { SampleCount: 2, Sum: 10, Minimum: 4, Maximum: 6 } },
  );
  expect(cloudWatch.lastByName()).toEqual({ A: 5, B: 1.75, C: 5 });
  expect(cloudWatch.last('A')).toBe(5);
  expect(cloudWatch.last('D')).toBeUndefined();
});

test('PutMetricData takes a large request that the client packs', async () => {
  const { put, cloudWatch } = open();
  const data = Array.from({ length: 1000 }, (_, index) => ({ MetricName: `Metric${index}`, Value: index }));
  await put(...data);
  expect(cloudWatch.last('Metric999')).toBe(999);
});

test.each(['', 'AWS/Lambda', 'a:b', 'x'.repeat(256)])(
  'PutMetricData refuses the namespace "%s"',
  async (name) => {
    await expect(open(name).put({ MetricName: 'A', Value: 1 })).rejects.toThrow('Namespace is invalid');
  },
);

test.each([
  [{ Value: Number.NaN }, 'The value NaN for parameter MetricData.member.1.Value is invalid.'],
  [{ Value: Number.POSITIVE_INFINITY }, 'The value Infinity'],
  [{ Value: 2 ** 361 }, 'MetricData.member.1.Value is invalid'],
  [{}, 'At least one of the parameters'],
  [{ Value: 1, Values: [1] }, 'mutually exclusive'],
  [{ Values: [1], Counts: [1, 2] }, 'of the same size'],
  [{ Values: [] }, 'of the same size'],
  [{ Values: Array.from({ length: 151 }, (_, index) => index) }, 'must not have a size greater than 150'],
  [{ StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 2, Maximum: 1 } }, 'Minimum must not exceed'],
  [{ Value: 1, Dimensions: [{ Name: 'Naïve', Value: 'x' }] }, 'Dimensions.member.1.Name is invalid'],
  [{ Value: 1, Dimensions: [{ Name: ':x', Value: 'x' }] }, 'Dimensions.member.1.Name is invalid'],
  [{ Value: 1, Dimensions: [{ Name: 'x', Value: 'grüße' }] }, 'Dimensions.member.1.Value is invalid'],
  [{ Value: 1, Dimensions: [{ Name: 'x', Value: '' }] }, 'Dimensions.member.1.Value is invalid'],
  [{ Value: 1, Timestamp: new Date(START - 14 * DAY - 1) }, 'within the past two weeks'],
  [{ Value: 1, Timestamp: new Date(START + 2 * HOUR + 1) }, 'no more than two hours in the future'],
  [{ Value: 1, Timestamp: new Date(0) }, 'within the past two weeks'],
])('PutMetricData refuses %j', async (datum: Partial<MetricDatum>, reason) => {
  const { put, cloudWatch } = open();
  await expect(put({ MetricName: 'Good', Value: 1 }, { MetricName: 'A', Value: 1 })).resolves.toBeDefined();
  await expect(put({ MetricName: 'A', ...datum })).rejects.toThrow(reason);
  expect(cloudWatch.lastByName()).toEqual({ Good: 1, A: 1 });
});

test('PutMetricData takes 30 dimensions and refuses 31', async () => {
  const { put } = open();
  const dimensions = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ Name: `d${index}`, Value: 'x' }));
  await expect(put({ MetricName: 'A', Value: 1, Dimensions: dimensions(30) })).resolves.toBeDefined();
  await expect(put({ MetricName: 'A', Value: 1, Dimensions: dimensions(31) })).rejects.toThrow(
    'greater than 30',
  );
});

test('PutMetricData refuses more than 1,000 metrics', async () => {
  const data = Array.from({ length: 1001 }, () => ({ MetricName: 'A', Value: 1 }));
  await expect(open().put(...data)).rejects.toThrow('MetricData must not have a size greater than 1000');
});

test('a refusal has the code of the older protocol, too', async () => {
  await expect(open().put({ MetricName: 'A', Value: Number.NaN })).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    Code: 'InvalidParameterValue',
  });
});
