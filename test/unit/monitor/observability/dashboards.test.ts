import { expect, test } from 'vitest';

import { METRICS, type MetricName } from '../../../../src/monitor/domain/metric.ts';
import type { PlacedWidget } from '../../../../src/monitor/observability/dashboards/body.ts';
import { dashboardBodies } from '../../../../src/monitor/observability/dashboards/dashboard-bodies.ts';
import { placed, row, rowOf } from '../../../../src/monitor/observability/dashboards/layout.ts';
import { text } from '../../../../src/monitor/observability/dashboards/widgets.ts';
import { sampleDeployment, sampleWithEverything } from '../../../../src/proving/player/sample-deployment.ts';

const SAMPLE_DEPLOYMENT = sampleDeployment();
const SAMPLE_WITH_EVERYTHING = sampleWithEverything();

const bodies = Object.entries(dashboardBodies(SAMPLE_DEPLOYMENT));
const without = Object.entries(dashboardBodies({ ...SAMPLE_DEPLOYMENT, widgetFunctionArn: undefined }));

const withCanary = Object.entries(dashboardBodies(SAMPLE_WITH_EVERYTHING));

const cells = ({ x, y, width, height }: PlacedWidget) =>
  Array.from(
    { length: width * height },
    (_, index) => `${x + (index % width)},${y + Math.floor(index / width)}`,
  );

test.each([
  ...bodies,
  ...without.map(([name, body]) => [`${name} without its function`, body] as const),
  ...withCanary.map(([name, body]) => [`${name} with a canary`, body] as const),
])('the widgets of %s fill the grid without gap or overlap', (_name, { widgets }) => {
  const taken = widgets.flatMap(cells);
  expect(new Set(taken).size).toBe(taken.length);
  const rows = Math.max(...widgets.map(({ y, height }) => y + height));
  expect(taken).toHaveLength(24 * rows);
});

test.each([...bodies, ...withCanary])(
  'every widget of %s but text has a title that fits, and no line is red',
  (_name, { widgets }) => {
    for (const widget of widgets) {
      if (widget.type === 'text') continue;
      // A column is about 44 px wide at 1,440 px, a letter of a title 7 px.
      expect(widget.properties.title.length * 7).toBeLessThan(widget.width * 44);
      for (const [, red = '', green = ''] of JSON.stringify(widget).matchAll(
        /"#([0-9a-f]{2})([0-9a-f]{2})[0-9a-f]{2}"/g,
      )) {
        expect(Number.parseInt(red, 16) > 180 && Number.parseInt(green, 16) < 90).toBe(false);
      }
    }
  },
);

test('no line takes the time between two sweeps for a 0', () => {
  const filled = [...bodies, ...withCanary].flatMap(([, { widgets }]) =>
    widgets.flatMap((widget) => {
      const rows = widget.type === 'metric' ? (widget.properties.metrics ?? []) : [];
      const formulas = rows.map((each) => JSON.stringify(each));
      return rows.flatMap((each) => {
        const [, name = '', ...others] = each;
        const { id = '' } = (others.at(-1) ?? {}) as { readonly id?: string };
        const isFilled = id !== '' && formulas.some((formula) => formula.includes(`FILL(${id}, 0)`));
        return isFilled ? [String(name)] : [];
      });
    }),
  );
  expect(filled).toContain('EventsMissed');
  const gauges = filled.filter((name) => METRICS[name as MetricName]?.published === 'sweep');
  expect(gauges.filter((name) => METRICS[name as MetricName]?.statistic === 'Maximum')).toEqual([]);
});

test('all views that the preview draws are used', () => {
  const widgets = bodies.flatMap(([, body]) => body.widgets);
  const views = widgets.flatMap((widget) => (widget.type === 'metric' ? [widget.properties.view] : []));
  expect(new Set(views)).toEqual(new Set(['timeSeries', 'singleValue', 'gauge', 'bar', 'table']));
  expect(new Set(widgets.map(({ type }) => type))).toEqual(new Set(['text', 'metric', 'alarm', 'custom']));
});

test('the first screen of the fleet asks whether to act, and shows alarms and open alerts', () => {
  const [first, second, third, fourth] = dashboardBodies(SAMPLE_DEPLOYMENT).fleet.widgets;
  expect(first).toMatchObject({
    type: 'text',
    properties: { markdown: expect.stringContaining('Must I act?') },
  });
  expect(second).toMatchObject({ properties: { title: 'Must I act?', view: 'singleValue' } });
  expect(third).toMatchObject({ type: 'alarm' });
  expect(fourth).toMatchObject({
    type: 'custom',
    properties: { endpoint: SAMPLE_DEPLOYMENT.widgetFunctionArn },
  });
  expect((fourth?.y ?? 0) + (fourth?.height ?? 0)).toBeLessThanOrEqual(14);
});

test('runbooks are linked where their address is known, and named where it is not', () => {
  const linked = JSON.stringify(dashboardBodies(SAMPLE_DEPLOYMENT).secrets);
  expect(linked).toContain('[stuck-pending](https://wiki.example.com/runbooks/stuck-pending.md)');
  const named = JSON.stringify(dashboardBodies({ ...SAMPLE_DEPLOYMENT, runbookBaseUrl: undefined }));
  expect(named).toContain('`stuck-pending`');
  expect(named).not.toContain('wiki.example.com');
});

test('rows stand below each other, and one that is left out leaves no gap', () => {
  const [a, b, c] = placed([row(2, text('a')), undefined, rowOf(3, [8, text('b')], [16, text('c')])]);
  expect(a).toMatchObject({ x: 0, y: 0, width: 24, height: 2 });
  expect(b).toMatchObject({ x: 0, y: 2, width: 8, height: 3 });
  expect(c).toMatchObject({ x: 8, y: 2, width: 16, height: 3 });
});

test('the canary has a graph where there is one, and its failures on purpose are in none', () => {
  const service = JSON.stringify(dashboardBodies(SAMPLE_WITH_EVERYTHING).service);
  expect(service).toContain('CanaryEventDelay');
  expect(service).toContain('NOT \\"rotation-monitor-canary-rotation\\"');
  expect(JSON.stringify(bodies)).not.toContain('CanaryEventDelay');
});

test('the service dashboard shows how many consumers confirmed a new version, and how long the last one took', () => {
  const { widgets } = dashboardBodies(SAMPLE_DEPLOYMENT).service;
  const shownBy = (metric: string) =>
    widgets.filter((widget) => JSON.stringify(widget).includes(`"${metric}"`));
  expect(shownBy('InvalidationsConfirmed')).toMatchObject([
    { properties: { title: expect.stringContaining('Consumers'), view: 'timeSeries' } },
  ]);
  expect(shownBy('PropagationTime')).toMatchObject([
    { properties: { title: expect.stringContaining('(seconds)'), view: 'timeSeries' } },
  ]);
});

test('every metric of the catalogue is on a dashboard', () => {
  const shown = JSON.stringify(dashboardBodies(SAMPLE_WITH_EVERYTHING));
  expect(Object.keys(METRICS).filter((name) => !new RegExp(`\\b${name}\\b`).test(shown))).toEqual([]);
});
