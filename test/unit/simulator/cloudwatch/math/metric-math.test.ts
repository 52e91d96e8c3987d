import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import { MINUTE } from '../../../../../src/calendar/instant.ts';
import { clientOf, openAccount, START } from '../../open-account.ts';

const Namespace = 'SecretRotation';
const at = (minutes: number) => new Date(START + minutes * MINUTE);

/** Values of metrics by minute; undefined where there is none. */
type Values = Readonly<Record<string, readonly (number | undefined)[]>>;

/** Puts values, each metric with its name as dimension `Name`, and works out formulas over them. */
async function open(values: Values) {
  const client = new CloudWatchClient(clientOf(openAccount()));
  for (const [MetricName, each] of Object.entries(values)) {
    const MetricData = each.flatMap((Value, minute) =>
      Value === undefined
        ? []
        : [{ MetricName, Value, Timestamp: at(minute), Dimensions: [{ Name: 'Name', Value: MetricName }] }],
    );
    if (MetricData.length > 0) await client.send(new PutMetricDataCommand({ Namespace, MetricData }));
  }
  const length = Math.max(...Object.values(values).map((each) => each.length));
  const metrics: MetricDataQuery[] = Object.keys(values).map((MetricName) => ({
    Id: MetricName,
    ReturnData: false,
    MetricStat: {
      Metric: { Namespace, MetricName, Dimensions: [{ Name: 'Name', Value: MetricName }] },
      Period: 60,
      Stat: 'Sum',
    },
  }));
  const results = async (Expression: string, more: Partial<MetricDataQuery> = {}) => {
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: at(0),
        EndTime: at(length),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [...metrics, { Id: 'result', Expression, Period: 60, ...more }],
      }),
    );
    return MetricDataResults;
  };
  const worked = async (formula: string) =>
    (await results(formula)).map(({ Timestamps = [], Values: each = [] }) =>
      Array.from({ length }, (_, minute) => {
        const index = Timestamps.findIndex((time) => time.getTime() === at(minute).getTime());
        return each[index];
      }),
    );
  return { results, worked };
}

const _ = undefined;
const SOME: Values = { a: [1, 2, _, 4], b: [10, _, 30, 0] };

test.each([
  ['a + b', [11, 2, 30, 4]],
  ['a - b', [-9, 2, -30, 4]],
  ['a * b', [10, 0, 0, 0]],
  ['a / b', [0.1, _, 0, _]],
  ['2 * (a + 1)', [4, 6, _, 10]],
  ['a + 2 * 3', [7, 8, _, 10]],
  ['100 / a / 2', [50, 25, _, 12.5]],
  ['2 ^ a', [2, 4, _, 16]],
  ['-a', [-1, -2, _, -4]],
  ['a > 1', [0, 1, _, 1]],
  ['a > 1 AND b < 10', [0, 0, 0, 1]],
  ['a == 1 || a == 4', [1, 0, _, 1]],
  ['a - MIN(a)', [0, 1, _, 3]],
  ['a / SUM(a)', [1 / 7, 2 / 7, _, 4 / 7]],
])('%s counts a missing value as 0 and drops what is divided by 0', async (formula, expected) => {
  const { worked } = await open(SOME);
  expect(await worked(formula)).toEqual([expected]);
});

/** The examples of AWS. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
test.each([
  ['metric1 < metric2', [0, 0, 1, 0]],
  ['metric1 >= 30', [1, 0, 0, 0]],
  ['metric1 > 15 AND metric2 > 15', [1, 0, 0, 0]],
])('%s, as AWS has it', async (formula, expected) => {
  const { worked } = await open({ metric1: [30, 20, 0, 0], metric2: [20, _, 20, _] });
  expect(await worked(formula)).toEqual([expected]);
});

test.each([
  ['SUM([a, b])', [11, 2, 30, 4]],
  ['SUM(METRICS())', [11, 2, 30, 4]],
  ['SUM(METRICS("b"))', [10, _, 30, 0]],
  ['AVG([a, b])', [5.5, 2, 30, 2]],
  ['MIN([a, b])', [1, 2, 30, 0]],
  ['MAX([a, b])', [10, 2, 30, 4]],
])('%s makes one series of several', async (formula, expected) => {
  const { worked } = await open(SOME);
  expect(await worked(formula)).toEqual([expected]);
});

test.each([
  ['FILL(a, 0)', [[1, 2, 0, 4]]],
  ['FILL(a, REPEAT)', [[1, 2, 2, 4]]],
  ['FILL(a, MAX(a))', [[1, 2, 4, 4]]],
  [
    'FILL(METRICS(), 0)',
    [
      [1, 2, 0, 4],
      [10, 0, 30, 0],
    ],
  ],
  ['TIME_SERIES(SUM(a))', [[7, 7, 7, 7]]],
  [
    'METRICS() / 2',
    [
      [0.5, 1, _, 2],
      [5, _, 15, 0],
    ],
  ],
  [
    '[a, b] - a',
    [
      [0, 0, _, 0],
      [9, -2, 30, -4],
    ],
  ],
])('%s', async (formula, expected) => {
  const { worked } = await open(SOME);
  expect(await worked(formula)).toEqual(expected);
});

test('FILL puts values where a metric has none at all', async () => {
  const { worked } = await open({ a: [1, 2], never: [] });
  expect(await worked('FILL(never, 0)')).toEqual([[0, 0]]);
});

test('SORT orders series and keeps as many as it is asked for', async () => {
  const { worked } = await open({ a: [1, 1], b: [3, 3], c: [2, 9] });
  expect(await worked('SORT(METRICS(), MAX, DESC)')).toEqual([
    [2, 9],
    [3, 3],
    [1, 1],
  ]);
  expect(await worked('SORT(METRICS(), AVG, ASC, 1)')).toEqual([[1, 1]]);
});

test('SEARCH finds series and can be part of a formula', async () => {
  const { worked } = await open(SOME);
  expect(await worked("SEARCH('{SecretRotation,Name} MetricName=\"a\"', 'Sum')")).toEqual([[1, 2, _, 4]]);
  expect(await worked("SUM(SEARCH('{SecretRotation,Name}', 'Sum', 60)) * 2")).toEqual([[22, 4, 60, 8]]);
  expect(await worked("SEARCH('{SecretRotation,Other}', 'Sum')")).toEqual([]);
});

test('a label says what its query wants it to say', async () => {
  const { results } = await open(SOME);
  const labels = async (more: Partial<MetricDataQuery>) =>
    (await results("SEARCH('{SecretRotation,Name}', 'Sum')", more)).map(({ Label }) => Label);
  expect(await labels({})).toEqual(['a a', 'b b']);
  expect(await labels({ Label: `<\${PROP('Dim.Name')}>` })).toEqual(['<a>', '<b>']);
  expect(await labels({ Label: `[\${LABEL}]` })).toEqual(['[a a]', '[b b]']);
  expect((await results('SUM([a, b])')).map(({ Label }) => Label)).toEqual(['result']);
});

test.each([
  ['a +', 'it ends too early'],
  ['a b', '"b" is not expected there'],
  ['(a', 'it ends too early'],
  ['a ? b', 'a character that no formula has'],
  ['nobody + 1', 'there is no query "nobody"'],
  ['result + 1', '"result" depends on itself'],
  ['ANOMALY_DETECTION_BAND(a)', 'the simulator has no function ANOMALY_DETECTION_BAND'],
  ['SUM(a)', 'it is not a time series'],
  ["'text'", 'a text stands where a value should'],
  ['FILL(a, b)', 'FILL takes a number or REPEAT'],
  ["SEARCH('{SecretRotation}', 'p99')", '"p99" is no statistic'],
  [`SEARCH('${'x'.repeat(1025)}', 'Sum')`, '1024 characters at most'],
])('formula %# is refused', async (formula, reason) => {
  const { results } = await open(SOME);
  await expect(results(formula)).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(results(formula)).rejects.toThrow(reason);
});

test('ids are not used twice', async () => {
  const { results } = await open(SOME);
  await expect(results('1', { Id: 'a' })).rejects.toThrow('not unique');
});
