import { expect, test } from 'vitest';
import { type Datapoint, METRICS } from '../../src/monitor/domain/metric.ts';
import type { MetricSink } from '../../src/monitor/ports/watch/metric-sink.ts';
import { NOW } from '../support/builders.ts';

/** A sink and a way to see what arrived: `name dimension=value` → sum. */
export interface SinkUnderTest {
  readonly sink: MetricSink;
  arrived(): Promise<Readonly<Record<string, number>>>;
}

/** Tests what every metric sink has to do. */
export function metricSinkContract(open: () => Promise<SinkUnderTest>): void {
  test('a datapoint arrives with its name and value', async () => {
    const { sink, arrived } = await open();
    await sink.record([{ name: 'SecretsObserved', value: 12 }], NOW);
    expect(await arrived()).toEqual({ SecretsObserved: 12 });
  });

  test('zero arrives too', async () => {
    const { sink, arrived } = await open();
    await sink.record([{ name: 'PendingStuck', value: 0 }], NOW);
    expect(await arrived()).toEqual({ PendingStuck: 0 });
  });

  test('dimensions keep datapoints apart, and equal ones add up', async () => {
    const { sink, arrived } = await open();
    const failed = (Step: string): Datapoint => ({ name: 'RotationFailed', value: 1, dimensions: { Step } });
    await sink.record([failed('setSecret'), failed('testSecret'), failed('setSecret')], NOW);
    expect(await arrived()).toEqual({
      'RotationFailed Step=setSecret': 2,
      'RotationFailed Step=testSecret': 1,
    });
  });

  test.each([99, 100, 101, 250])(
    'of %i values of one metric none is lost or loses its dimensions',
    async (count) => {
      const { sink, arrived } = await open();
      const values = Array.from({ length: count }, (_, index): readonly Datapoint[] => [
        { name: 'InvalidationsSent', value: 1 },
        {
          name: 'RotationFailed',
          value: 1,
          dimensions: { Step: index % 2 === 0 ? 'setSecret' : 'testSecret' },
        },
      ]).flat();
      await sink.record(values, NOW);
      expect(await arrived()).toEqual({
        InvalidationsSent: count,
        'RotationFailed Step=setSecret': Math.ceil(count / 2),
        'RotationFailed Step=testSecret': Math.floor(count / 2),
      });
    },
  );

  test('every metric of the catalogue is taken', async () => {
    const { sink, arrived } = await open();
    const all = Object.entries(METRICS).map(([name, { dimensions }]) => ({
      name: name as Datapoint['name'],
      value: 1,
      dimensions: Object.fromEntries(dimensions.map((dimension) => [dimension, 'x'])),
    }));
    await sink.record(all, NOW);
    expect(Object.keys(await arrived())).toHaveLength(all.length);
  });

  test('nothing to record is nothing', async () => {
    const { sink, arrived } = await open();
    await sink.record([], NOW);
    expect(await arrived()).toEqual({});
  });
}
