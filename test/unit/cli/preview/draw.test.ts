import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../src/calendar/instant.ts';
import { widgetLines } from '../../../../src/cli/preview/draw-widget.ts';
import { numberText } from '../../../../src/cli/preview/html-views.ts';
import { drawDashboard, timeRange } from '../../../../src/cli/preview/serve-preview.ts';
import type { ShownMetrics } from '../../../../src/cli/preview/shown-body.ts';
import {
  type MemoryDashboards,
  memoryDashboardSource,
} from '../../../../src/monitor/adapters/memory/watch/memory-dashboard-source.ts';
import { DashboardSourceError } from '../../../../src/monitor/ports/watch/dashboard-source.ts';
import { NOW } from '../../../support/builders.ts';

const points = (...values: readonly number[]) =>
  values.map((value, index) => ({ at: later(NOW, (index - values.length) * MINUTE), value }));

const metric = (properties: object) => ({
  type: 'metric',
  x: 0,
  y: 0,
  width: 12,
  height: 6,
  properties: { title: 'T', region: 'eu-west-1', metrics: [['N', 'M', { id: 'm' }]], ...properties },
});

/** The only widget of a dashboard, drawn. */
async function drawn(widget: object, given: MemoryDashboards = {}) {
  const bodies = { d: JSON.stringify({ widgets: [widget] }) };
  const dashboard = await drawDashboard(memoryDashboardSource({ bodies, ...given }), 'd', NOW);
  const [only] = dashboard.widgets;
  if (only === undefined) throw new Error(dashboard.fault ?? 'Nothing was drawn');
  return only;
}

const series = { m: [{ label: 'Orders', points: points(1, 4, 2) }] };

test('a time series becomes a chart with the ends of the time shown', async () => {
  const { chart, isEmpty } = await drawn(metric({ yAxis: { left: { min: 0 } } }), { series });
  expect(isEmpty).toBe(false);
  expect(chart).toMatchObject({
    min: 0,
    max: undefined,
    hasLegend: true,
    to: NOW / 1000,
    from: (NOW - 3 * HOUR) / 1000,
  });
  expect(chart?.lines).toEqual([{ label: 'Orders', color: '#1f77b4', values: [1, 4, 2] }]);
});

test('lines of a chart share their times, with gaps where one has no value', async () => {
  const both = {
    m: [
      { label: 'a', points: points(1, 2) },
      { label: 'b', points: points(3) },
    ],
  };
  const { chart } = await drawn(metric({ legend: { position: 'hidden' } }), { series: both });
  expect(chart?.lines.map(({ values }) => values)).toEqual([
    [1, 2],
    [null, 3],
  ]);
  expect(chart?.hasLegend).toBe(false);
});

test.each<readonly [string, object, readonly string[]]>([
  ['singleValue', {}, ['Orders', '>2<']],
  ['gauge', { yAxis: { left: { min: 0, max: 4 } } }, ['A40 40 0 0 1 50.00 10.00', '>2<']],
  ['bar', { setPeriodToTimeRange: true }, ['Orders', 'width:100.0%', '>7<']],
  [
    'table',
    { table: { summaryColumns: ['MAX', 'SUM', 'AVG', 'MIN'] } },
    ['<th>MAX</th>', '>4<', '>7<', '>2.33<', '>1<'],
  ],
])('the view %s shows its values', async (view, properties, expected) => {
  const { html } = await drawn(metric({ view, ...properties }), { series });
  for (const part of expected) expect(html).toContain(part);
});

test('a widget of metrics without a datapoint is empty and says so', async () => {
  expect(await drawn(metric({}))).toMatchObject({ isEmpty: true, html: expect.stringContaining('No data') });
});

test('an alarm widget shows states, with what their names have in common left out', async () => {
  const alarm = (name: string, state: 'OK' | 'ALARM') => ({
    arn: `arn:${name}`,
    name,
    state,
    reason: `<${name}>`,
  });
  const alarms = [alarm('rotation-monitor-blind', 'OK'), alarm('rotation-monitor-stuck', 'ALARM')];
  const widget = { type: 'alarm', properties: { title: 'Alarms', alarms: alarms.map(({ arn }) => arn) } };
  const { html, isEmpty } = await drawn(widget, { alarms });
  expect(html).toContain(
    '<div class="alarm OK" title="&lt;rotation-monitor-blind&gt;"><span>blind</span><b>OK</b></div>',
  );
  expect(html).toContain('<span>stuck</span><b>In alarm</b>');
  expect(isEmpty).toBe(false);
  expect((await drawn(widget)).isEmpty).toBe(true);
});

test('what a function answers stands in a frame in which nothing runs', async () => {
  const widget = { type: 'custom', properties: { title: 'Open', endpoint: 'arn:f' } };
  const { html } = await drawn(widget, { widgets: { 'arn:f': '<b>2</b><script>alert(1)</script>' } });
  expect(html).toMatch(
    /^<iframe sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" srcdoc="[^"]*&lt;b&gt;2&lt;\/b&gt;[^"]*"><\/iframe>$/,
  );
  expect(html).not.toContain('allow-scripts');
});

test('a widget that cannot be read says so in its place and spoils no other', async () => {
  const failing = {
    ...memoryDashboardSource({
      series,
      bodies: {
        d: JSON.stringify({ widgets: [metric({}), { type: 'alarm', properties: { alarms: ['arn:a'] } }] }),
      },
    }),
    alarms: () =>
      Promise.reject(
        new DashboardSourceError('Cannot read <alarms>: denied', { reason: 'denied', retryable: false }),
      ),
  };
  const { widgets } = await drawDashboard(failing, 'd', NOW);
  expect(widgets.map(({ html, chart }) => html ?? chart?.lines.length)).toEqual([
    1,
    '<p class="fault">Cannot read &lt;alarms&gt;: denied</p>',
  ]);
});

test('a dashboard that does not exist, or has something unknown in it, says so', async () => {
  const source = memoryDashboardSource({
    bodies: { odd: '{"widgets":[{"type":"log","properties":{}}]}', broken: '{' },
  });
  expect((await drawDashboard(source, 'none', NOW)).fault).toContain('There is no dashboard "none"');
  expect((await drawDashboard(source, 'odd', NOW)).fault).toContain('cannot be drawn');
  expect((await drawDashboard(source, 'broken', NOW)).fault).toContain('cannot be drawn');
});

test.each([
  ['-P7D', 7 * DAY],
  ['-PT24H', DAY],
  ['-P1DT6H30M', DAY + 6 * HOUR + 30 * MINUTE],
  [undefined, 3 * HOUR],
])('a dashboard that starts at %s', (start, ms) => {
  expect(timeRange(start, NOW)).toEqual({ from: later(NOW, -ms), to: NOW });
});

test('lines are asked for with their own statistic and period, and get an id where they have none', () => {
  const properties: ShownMetrics = {
    title: '',
    view: 'timeSeries',
    period: 300,
    stat: 'Average',
    setPeriodToTimeRange: false,
    sparkline: false,
    stacked: false,
    metrics: [
      [
        'AWS/SQS',
        'Age',
        'QueueName',
        'q',
        { stat: 'Maximum', period: 60, label: 'Age', visible: false, color: '#111111' },
      ],
      ['N', 'M'],
      [{ expression: 'line0 / 2', id: 'half', visible: true }],
    ],
  };
  const range = { from: later(NOW, -90 * MINUTE - 1), to: NOW };
  expect(widgetLines(properties, range)).toEqual([
    {
      request: {
        id: 'line0',
        label: 'Age',
        visible: false,
        period: 60,
        namespace: 'AWS/SQS',
        name: 'Age',
        dimensions: { QueueName: 'q' },
        statistic: 'Maximum',
      },
      color: '#111111',
    },
    {
      request: {
        id: 'line1',
        label: undefined,
        visible: true,
        period: 300,
        namespace: 'N',
        name: 'M',
        dimensions: {},
        statistic: 'Average',
      },
      color: undefined,
    },
    {
      request: { id: 'half', label: undefined, visible: true, period: 300, formula: 'line0 / 2' },
      color: undefined,
    },
  ]);
  const whole = widgetLines({ ...properties, setPeriodToTimeRange: true }, range);
  expect(whole.map(({ request }) => request.period)).toEqual([5460, 5460, 5460]);
});

test.each([
  [0, '0'],
  [1234567, '1,234,567'],
  [2.345, '2.35'],
  [0.00012345, '0.000123'],
])('%d is read as %s', (value, text) => {
  expect(numberText(value)).toBe(text);
});
