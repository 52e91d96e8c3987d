import {
  CloudWatchClient,
  DeleteDashboardsCommand,
  GetDashboardCommand,
  ListDashboardsCommand,
  PutDashboardCommand,
} from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import { clientOf, openAccount } from '../../open-account.ts';

const ALARM = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:stuck';
const text = { type: 'text', x: 0, y: 0, width: 24, height: 2, properties: { markdown: '# Hello' } };
const metric = (properties: object) => ({
  type: 'metric',
  properties: { region: 'eu-west-1', metrics: [['N', 'M']], ...properties },
});

function open() {
  const client = new CloudWatchClient(clientOf(openAccount()));
  const put = (body: unknown, DashboardName = 'rotation-fleet') =>
    client.send(
      new PutDashboardCommand({
        DashboardName,
        DashboardBody: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    );
  return { client, put };
}

test('a dashboard is kept as it was put, listed and deleted', async () => {
  const { client, put } = open();
  const body = { widgets: [text] };
  expect((await put(body)).DashboardValidationMessages).toEqual([]);
  await put({ widgets: [] }, 'other');
  const got = await client.send(new GetDashboardCommand({ DashboardName: 'rotation-fleet' }));
  expect(JSON.parse(got.DashboardBody ?? '')).toEqual(body);
  expect(got.DashboardArn).toBe('arn:aws:cloudwatch::111122223333:dashboard/rotation-fleet');
  const listed = await client.send(new ListDashboardsCommand({ DashboardNamePrefix: 'rot' }));
  expect(listed.DashboardEntries?.map(({ DashboardName, Size }) => [DashboardName, Size])).toEqual([
    ['rotation-fleet', JSON.stringify(body).length],
  ]);
  await client.send(new DeleteDashboardsCommand({ DashboardNames: ['rotation-fleet'] }));
  await expect(
    client.send(new GetDashboardCommand({ DashboardName: 'rotation-fleet' })),
  ).rejects.toMatchObject({
    name: 'DashboardNotFoundError',
  });
});

const arns = (count: number) => Array.from({ length: count }, () => ALARM);
const rows = (count: number) => Array.from({ length: count }, (_, index) => ['N', `M${index}`]);
const search = (length: number) => [{ expression: `SEARCH('${'x'.repeat(length)}', 'Sum')` }];
const widgets = (...list: readonly object[]) => ({ widgets: list });

test.each<readonly [string, unknown]>([
  [
    'every kind of row',
    widgets(
      metric({
        metrics: [
          ['N', 'M', 'D', 'v', { stat: 'Sum' }],
          [{ expression: 'm1', id: 'e1' }],
          ['N', 'M', { id: 'm1' }],
        ],
      }),
    ),
  ],
  ['a gauge with its ends', widgets(metric({ view: 'gauge', yAxis: { left: { min: 0, max: 100 } } }))],
  [
    'an alarm as annotation',
    widgets({ type: 'metric', properties: { region: 'eu-west-1', annotations: { alarms: [ALARM] } } }),
  ],
  ['100 alarms', widgets({ type: 'alarm', properties: { alarms: arns(100) } })],
  ['500 metrics in a widget', widgets(metric({ metrics: rows(500) }))],
  ['a search of 1,024 characters', widgets(metric({ metrics: [search(1024)] }))],
  ['500 widgets', widgets(...Array.from({ length: 500 }, () => text))],
  ['the full width', widgets({ ...text, x: 12, width: 12 })],
])('%s is taken', async (_what, body) => {
  const { put } = open();
  expect((await put(body)).DashboardValidationMessages).toEqual([]);
});

test.each<readonly [string, unknown, string]>([
  ['no JSON', '{', 'not valid JSON'],
  ['no widgets', {}, '/widgets'],
  ['501 widgets', widgets(...Array.from({ length: 501 }, () => text)), '/widgets'],
  ['26 variables', { widgets: [], variables: Array.from({ length: 26 }, () => ({})) }, '/variables'],
  ['an unknown kind of widget', widgets({ type: 'clock', properties: {} }), '/widgets/0/type'],
  ['a text without markdown', widgets({ type: 'text', properties: {} }), '/widgets/0/properties/markdown'],
  ['a metric without a region', widgets({ type: 'metric', properties: { metrics: [['N', 'M']] } }), 'region'],
  [
    'neither metrics nor an alarm',
    widgets({ type: 'metric', properties: { region: 'eu-west-1' } }),
    'metrics or one alarm',
  ],
  ['a flat list of metrics', widgets(metric({ metrics: ['N', 'M'] })), '/widgets/0/properties/metrics/0'],
  ['a dimension without a value', widgets(metric({ metrics: [['N', 'M', 'D']] })), 'pairs of dimensions'],
  [
    'options that are not last',
    widgets(metric({ metrics: [['N', { stat: 'Sum' }, 'M']] })),
    'pairs of dimensions',
  ],
  ['an id that begins with a capital', widgets(metric({ metrics: [['N', 'M', { id: 'M1' }]] })), 'metrics/0'],
  [
    'an id used twice',
    widgets(
      metric({
        metrics: [
          ['N', 'A', { id: 'm' }],
          ['N', 'B', { id: 'm' }],
        ],
      }),
    ),
    'used twice',
  ],
  ['a gauge without its ends', widgets(metric({ view: 'gauge' })), 'a gauge needs'],
  ['an unknown view', widgets(metric({ view: 'cake' })), 'view'],
  ['501 metrics', widgets(metric({ metrics: rows(501) })), 'metrics'],
  [
    '2,501 metrics in all',
    widgets(...Array.from({ length: 6 }, () => metric({ metrics: rows(417) }))),
    'at most 2500 metrics',
  ],
  ['a search of 1,025 characters', widgets(metric({ metrics: [search(1025)] })), 'at most 1024 characters'],
  [
    '101 searches',
    widgets(metric({ metrics: Array.from({ length: 101 }, () => search(1)) })),
    'at most 100 searches',
  ],
  ['no alarm', widgets({ type: 'alarm', properties: { alarms: [] } }), 'alarms'],
  ['101 alarms', widgets({ type: 'alarm', properties: { alarms: arns(101) } }), 'alarms'],
  ['x without y', widgets({ ...text, y: undefined }), 'x and y stand together'],
  ['a widget that reaches over the edge', widgets({ ...text, x: 13, width: 12 }), 'wider than the dashboard'],
  ['a width of 25', widgets({ ...text, width: 25 }), 'width'],
])('%s is refused', async (_what, body, where) => {
  const { put } = open();
  await expect(put(body)).rejects.toMatchObject({ name: 'DashboardInvalidInputError' });
  await expect(put(body)).rejects.toThrow(where);
});

test('a name with a blank is refused', async () => {
  const { put } = open();
  await expect(put({ widgets: [] }, 'my dashboard')).rejects.toThrow('DashboardName');
});
