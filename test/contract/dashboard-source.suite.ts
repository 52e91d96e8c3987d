import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import {
  type DashboardSource,
  DashboardSourceError,
  type LineRequest,
} from '../../src/monitor/ports/watch/dashboard-source.ts';
import { NOW } from '../support/builders.ts';

/** Body of the dashboard that the sources of this contract hold. */
export const BODY = '{"widgets":[]}';
export const ALARM = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:stuck';
export const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:widget';

const line = (given: object): LineRequest =>
  ({
    id: 'm',
    label: undefined,
    visible: true,
    period: 60,
    namespace: 'N',
    name: 'M',
    dimensions: { D: 'v' },
    statistic: 'Sum',
    ...given,
  }) as LineRequest;
const range = { from: later(NOW, -HOUR), to: NOW };

/**
 * Tests the contract of every source. `open` answers one with the dashboard `fleet`, values 1 and 2 of the metric M two
 * minutes and one minute ago, an alarm that rings, and a function that answers `<b>hello</b>`.
 */
export function dashboardSourceContract(open: () => Promise<DashboardSource>): void {
  test('a dashboard is read by its name; one that is not there is undefined', async () => {
    const source = await open();
    expect(await source.body('fleet')).toBe(BODY);
    expect(await source.body('none')).toBeUndefined();
  });

  test('series come oldest first, with the id of their line', async () => {
    const [series, ...more] = await (await open()).series({ lines: [line({})], ...range });
    expect(more).toEqual([]);
    expect(series).toMatchObject({
      id: 'm',
      points: [
        { at: later(NOW, -2 * MINUTE), value: 1 },
        { at: later(NOW, -MINUTE), value: 2 },
      ],
    });
  });

  test('a line that is not to be seen is not answered', async () => {
    expect(await (await open()).series({ lines: [line({ visible: false })], ...range })).toEqual([]);
  });

  test('alarms come in the order asked for; those that do not exist are left out', async () => {
    const states = await (await open()).alarms([`${ALARM}-gone`, ALARM]);
    expect(states).toMatchObject([{ arn: ALARM, name: 'stuck', state: 'ALARM' }]);
  });

  test('a widget is what its function answers', async () => {
    expect(await (await open()).widget(FUNCTION, {})).toBe('<b>hello</b>');
  });
}

/** Expects that a source fails with an error of the port. */
export const expectPortError = (failing: Promise<unknown>): Promise<void> =>
  expect(failing).rejects.toBeInstanceOf(DashboardSourceError);
