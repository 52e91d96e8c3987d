import { describe, expect, test } from 'vitest';
import { later, MINUTE, SECOND } from '../../src/calendar/instant.ts';
import { memoryDashboardSource } from '../../src/monitor/adapters/memory/watch/memory-dashboard-source.ts';
import { dashboardsInProcess } from '../../src/monitor/compose/operator/compose-dashboards.ts';
import { NOW } from '../support/builders.ts';
import { aSimulator } from '../support/simulated.ts';
import { ALARM, BODY, dashboardSourceContract, expectPortError, FUNCTION } from './dashboard-source.suite.ts';

describe('memoryDashboardSource', () => {
  dashboardSourceContract(async () =>
    memoryDashboardSource({
      bodies: { fleet: BODY },
      series: {
        m: [
          {
            label: 'M',
            points: [
              { at: later(NOW, -2 * MINUTE), value: 1 },
              { at: later(NOW, -MINUTE), value: 2 },
            ],
          },
        ],
      },
      alarms: [{ arn: ALARM, name: 'stuck', state: 'ALARM', reason: 'It is stuck' }],
      widgets: { [FUNCTION]: '<b>hello</b>' },
    }),
  );
});

describe('cloudwatchDashboardSource', () => {
  async function open() {
    const simulator = aSimulator(NOW);
    const put = (operation: string, input: object) =>
      simulator.call('monitoring', operation, { ...input }, 'deployer');
    await put('PutDashboard', { DashboardName: 'fleet', DashboardBody: BODY });
    const datum = (Value: number, minutes: number) => ({
      MetricName: 'M',
      Dimensions: [{ Name: 'D', Value: 'v' }],
      Value,
      Timestamp: later(NOW, -minutes * MINUTE) / SECOND,
    });
    await put('PutMetricData', { Namespace: 'N', MetricData: [datum(1, 2), datum(2, 1)] });
    await put('PutMetricAlarm', {
      AlarmName: 'stuck',
      Namespace: 'N',
      MetricName: 'M',
      Statistic: 'Sum',
      Period: 60,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      EvaluationPeriods: 1,
    });
    await put('SetAlarmState', { AlarmName: 'stuck', StateValue: 'ALARM', StateReason: 'It is stuck' });
    simulator.functions.register('widget', () => '<b>hello</b>');
    simulator.functions.register('broken', () => {
      throw new Error('secret words');
    });
    return { simulator, source: dashboardsInProcess('eu-west-1', simulator.requestHandler('operator')) };
  }

  dashboardSourceContract(async () => (await open()).source);

  test('a formula is worked out and named by its label', async () => {
    const { source } = await open();
    const hidden = {
      id: 'm',
      label: undefined,
      visible: false,
      period: 60,
      namespace: 'N',
      name: 'M',
      dimensions: { D: 'v' },
      statistic: 'Sum',
    };
    const formula = { id: 'double', label: 'Twice', visible: true, period: 60, formula: 'm * 2' };
    const [series] = await source.series({
      lines: [hidden, formula],
      from: later(NOW, -5 * MINUTE),
      to: NOW,
    });
    expect(series).toMatchObject({ id: 'double', label: 'Twice' });
    expect(series?.points.map(({ value }) => value)).toEqual([2, 4]);
  });

  test('what goes wrong is an error of the port, without the words of the service', async () => {
    const { simulator, source } = await open();
    await expectPortError(source.widget('arn:aws:lambda:eu-west-1:111122223333:function:broken', {}));
    await expect(source.widget('broken', {})).rejects.not.toThrow('secret words');
    simulator.faults.add({ kind: 'throttled', probability: 1, service: 'monitoring' });
    await expectPortError(source.body('fleet'));
    await expectPortError(source.alarms([ALARM]));
    await expect(source.body('fleet')).rejects.toMatchObject({ reason: 'throttled', retryable: true });
  });
});
