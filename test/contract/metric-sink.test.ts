import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { HOUR, later } from '../../src/calendar/instant.ts';
import { cloudwatchMetricSink } from '../../src/monitor/adapters/cloudwatch/cloudwatch-metric-sink.ts';
import { memoryMetricSink } from '../../src/monitor/adapters/memory/watch/memory-metric-sink.ts';
import { emfMetricSink } from '../../src/monitor/adapters/powertools/emf-metric-sink.ts';
import { MetricSinkError } from '../../src/monitor/ports/watch/metric-sink.ts';
import { NOW } from '../support/builders.ts';
import { aSimulator, sdk, type TestSimulator } from '../support/simulated.ts';
import { metricSinkContract } from './metric-sink.suite.ts';

const labelled = (name: string, dimensions: readonly (readonly [string, string])[]): string =>
  [name, ...dimensions.map(([key, value]) => `${key}=${value}`)].join(' ');

/** Reads back what CloudWatch has, as an operator's tool would. */
async function stored(simulator: TestSimulator): Promise<Readonly<Record<string, number>>> {
  const client = new CloudWatchClient(sdk(simulator));
  const { Metrics = [] } = await client.send(new ListMetricsCommand({ Namespace: 'SecretRotation' }));
  if (Metrics.length === 0) return {};
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(later(NOW, -HOUR)),
      EndTime: new Date(later(NOW, HOUR)),
      MetricDataQueries: Metrics.map((Metric, index) => ({
        Id: `m${index}`,
        MetricStat: { Metric, Period: 60, Stat: 'Sum' },
      })),
    }),
  );
  return Object.fromEntries(
    Metrics.map(({ MetricName = '', Dimensions = [] }, index) => [
      labelled(
        MetricName,
        Dimensions.map(({ Name = '', Value = '' }) => [Name, Value] as const),
      ),
      MetricDataResults[index]?.Values?.reduce((sum, value) => sum + value, 0) ?? Number.NaN,
    ]),
  );
}

describe('memoryMetricSink', () => {
  metricSinkContract(async () => {
    const sink = memoryMetricSink();
    const arrived = async () => {
      const sums: Record<string, number> = {};
      for (const { name, value, dimensions = {} } of sink.datapoints) {
        const label = labelled(name, Object.entries(dimensions));
        sums[label] = (sums[label] ?? 0) + value;
      }
      return sums;
    };
    return { sink, arrived };
  });
});

describe('emfMetricSink', () => {
  metricSinkContract(async () => {
    const simulator = aSimulator();
    const sink = emfMetricSink('SecretRotation', (line) => void simulator.cloudWatch.ingestEmf(line));
    return { sink, arrived: () => stored(simulator) };
  });

  test('a line carries our own time and the one empty set of dimensions a metric without them needs', async () => {
    const lines: string[] = [];
    await emfMetricSink('SecretRotation', (line) => lines.push(line)).record(
      [{ name: 'SweepHeartbeat', value: 1 }],
      NOW,
    );
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      SweepHeartbeat: 1,
      _aws: {
        Timestamp: NOW,
        CloudWatchMetrics: [
          {
            Namespace: 'SecretRotation',
            Dimensions: [[]],
            Metrics: [{ Name: 'SweepHeartbeat', Unit: 'Count' }],
          },
        ],
      },
    });
  });
});

test('emfMetricSink writes every value through its writer, each line with the given time and its dimensions', async () => {
  const lines: string[] = [];
  const values = Array.from({ length: 250 }, () => ({ name: 'InvalidationsSent', value: 1 }) as const);
  await emfMetricSink('SecretRotation', (line) => lines.push(line)).record(values, NOW);
  const written = lines.map((line) => JSON.parse(line));
  expect(written.flatMap(({ InvalidationsSent }) => InvalidationsSent)).toHaveLength(250);
  expect(written.map(({ _aws }) => [_aws.Timestamp, _aws.CloudWatchMetrics[0].Dimensions])).toEqual(
    written.map(() => [NOW, [[]]]),
  );
});

describe('cloudwatchMetricSink', () => {
  const open = async () => {
    const simulator = aSimulator();
    const sink = cloudwatchMetricSink(new CloudWatchClient(sdk(simulator)), 'SecretRotation');
    return { simulator, sink, arrived: () => stored(simulator) };
  };
  metricSinkContract(open);

  test('a refused call is an error of the port', async () => {
    const { simulator, sink } = await open();
    simulator.faults.add({ kind: 'throttled', probability: 1 });
    const failure = await sink
      .record([{ name: 'SweepHeartbeat', value: 1 }], NOW)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MetricSinkError);
    expect(failure).toMatchObject({ reason: 'throttled', retryable: true });
  });
});
