import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type ListMetricsCommandInput,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import { clientOf, openAccount, START } from '../../open-account.ts';

const Namespace = 'SecretRotation';
const Dimensions = [{ Name: 'Step', Value: 'setSecret' }];

/** An account with 1, 2 and 3 at 10:00:00, 10:00:30 and 10:06:00, and 9 with a dimension. */
async function open() {
  const account = openAccount();
  const client = new CloudWatchClient(clientOf(account));
  const at = (ms: number) => new Date(START + ms);
  const MetricData = [
    { MetricName: 'Stuck', Unit: 'Count' as const, Value: 1, Timestamp: at(0) },
    { MetricName: 'Stuck', Unit: 'Count' as const, Value: 3, Timestamp: at(6 * MINUTE) },
    { MetricName: 'Stuck', Unit: 'Count' as const, Value: 2, Timestamp: at(30 * SECOND) },
    { MetricName: 'Stuck', Dimensions, Value: 9, Timestamp: at(0) },
    { MetricName: 'Other', Value: 4, Timestamp: at(0) },
  ];
  await client.send(new PutMetricDataCommand({ Namespace, MetricData }));
  const range = { StartTime: at(0), EndTime: at(10 * MINUTE) };
  return {
    client,
    at,
    data: async (Stat: string, Period: number, more: Partial<GetMetricDataCommandInput> = {}) => {
      const Metric = { Namespace, MetricName: 'Stuck' };
      const MetricDataQueries = [{ Id: 'q', MetricStat: { Metric, Period, Stat } }];
      const { MetricDataResults } = await client.send(
        new GetMetricDataCommand({ ...range, MetricDataQueries, ...more }),
      );
      return MetricDataResults?.[0];
    },
    statistics: (more: object = {}) =>
      client.send(
        new GetMetricStatisticsCommand({
          ...range,
          Namespace,
          MetricName: 'Stuck',
          Period: 300,
          Statistics: ['Sum', 'Maximum'],
          ...more,
        }),
      ),
    list: async (input: ListMetricsCommandInput = {}) =>
      (await client.send(new ListMetricsCommand(input))).Metrics ?? [],
  };
}

test.each([
  ['Sum', [3, 3]],
  ['Average', [3, 1.5]],
  ['Minimum', [3, 1]],
  ['Maximum', [3, 2]],
  ['SampleCount', [1, 2]],
])('GetMetricData computes %s by periods, the latest first', async (Stat, expected) => {
  const { data, at } = await open();
  await expect(data(Stat, 300)).resolves.toMatchObject({
    Id: 'q',
    Label: 'Stuck',
    Timestamps: [at(5 * MINUTE), at(0)],
    Values: expected,
    StatusCode: 'Complete',
  });
});

test('GetMetricData answers the earliest first when asked to', async () => {
  const { data } = await open();
  await expect(data('Sum', 60, { ScanBy: 'TimestampAscending' })).resolves.toMatchObject({ Values: [3, 3] });
  await expect(data('Maximum', 60, { ScanBy: 'TimestampAscending' })).resolves.toMatchObject({
    Values: [2, 3],
  });
});

test('GetMetricData takes the start of the range and leaves out its end', async () => {
  const { data, at } = await open();
  await expect(data('Sum', 60, { EndTime: at(6 * MINUTE) })).resolves.toMatchObject({ Values: [3] });
  await expect(data('Sum', 60, { StartTime: at(MINUTE) })).resolves.toMatchObject({ Values: [3] });
});

test('GetMetricData of a metric that does not exist is empty', async () => {
  const { data } = await open();
  const Metric = { Namespace, MetricName: 'None' };
  const MetricDataQueries = [{ Id: 'q', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }];
  await expect(data('Sum', 60, { MetricDataQueries })).resolves.toMatchObject({ Values: [], Timestamps: [] });
});

test('GetMetricData leaves out queries whose data is not to be returned', async () => {
  const { data } = await open();
  const Metric = { Namespace, MetricName: 'Stuck' };
  const MetricDataQueries = [
    { Id: 'a', ReturnData: false, MetricStat: { Metric, Period: 60, Stat: 'Sum' } },
    { Id: 'b', Label: 'mine', MetricStat: { Metric, Period: 60, Stat: 'Sum' } },
  ];
  await expect(data('Sum', 60, { MetricDataQueries })).resolves.toMatchObject({ Id: 'b', Label: 'mine' });
});

test('GetMetricData refuses formulas about nothing, percentiles and a range that ends before it starts', async () => {
  const { data, at } = await open();
  await expect(data('Sum', 60, { MetricDataQueries: [{ Id: 'e', Expression: 'a+b' }] })).rejects.toThrow(
    'there is no query "a"',
  );
  await expect(data('p99', 60)).rejects.toThrow('Stat is invalid');
  await expect(data('Sum', 60, { EndTime: at(0) })).rejects.toThrow('must be less than');
});

test('GetMetricStatistics answers the statistics asked for, with the unit', async () => {
  const { statistics, at } = await open();
  const { Label, Datapoints } = await statistics();
  expect(Label).toBe('Stuck');
  expect(Datapoints).toEqual([
    { Timestamp: at(0), Unit: 'Count', Sum: 3, Maximum: 2 },
    { Timestamp: at(5 * MINUTE), Unit: 'Count', Sum: 3, Maximum: 3 },
  ]);
});

test('GetMetricStatistics separates metrics by their dimensions', async () => {
  const { statistics } = await open();
  const { Datapoints } = await statistics({ Dimensions });
  expect(Datapoints).toMatchObject([{ Sum: 9 }]);
  await expect(statistics({ MetricName: 'None' })).resolves.toMatchObject({ Datapoints: [] });
});

test('ListMetrics filters by name, namespace and dimensions', async () => {
  const { list } = await open();
  await expect(list()).resolves.toHaveLength(3);
  await expect(list({ MetricName: 'Stuck' })).resolves.toHaveLength(2);
  await expect(list({ Namespace: 'Elsewhere' })).resolves.toHaveLength(0);
  await expect(list({ Dimensions: [{ Name: 'Step' }] })).resolves.toEqual([
    { Namespace, MetricName: 'Stuck', Dimensions },
  ]);
  await expect(list({ Dimensions: [{ Name: 'Step', Value: 'x' }] })).resolves.toHaveLength(0);
});

test('ListMetrics answers 500 metrics at once', async () => {
  const { client } = await open();
  const MetricData = Array.from({ length: 600 }, (_, index) => ({ MetricName: `M${index}`, Value: 1 }));
  await client.send(new PutMetricDataCommand({ Namespace: 'Many', MetricData }));
  const first = await client.send(new ListMetricsCommand({ Namespace: 'Many' }));
  expect(first.Metrics).toHaveLength(500);
  const second = await client.send(new ListMetricsCommand({ Namespace: 'Many', NextToken: first.NextToken }));
  expect(second.Metrics).toHaveLength(100);
  expect(second.NextToken).toBeUndefined();
});
