import { expect, test } from 'vitest';
import { DAY, formatInstant, HOUR, type Instant, later } from '../../../../../../src/calendar/instant.ts';
import type { LifeSpan } from '../../../../../../src/monitor/domain/report/compute/secret-life.ts';
import { closedWindows } from '../../../../../../src/monitor/domain/report/compute/windows.ts';
import { at } from '../../../../../support/builders.ts';

const START = at('2026-01-01T12:00:00Z');
const day = (count: number): Instant => later(START, count * DAY);
const span = (
  from: Instant,
  to: Instant,
  schedule: string | undefined,
  given: Partial<LifeSpan['state']> = {},
) => ({
  from,
  to,
  isInferred: false,
  state: { isThere: true, rotationOn: true, schedule, owner: undefined, silence: undefined, ...given },
});
const shown = (...given: Parameters<typeof closedWindows>): readonly string[] =>
  closedWindows(...given).map(
    ({ opensAt, isMissed }) => `${formatInstant(opensAt).slice(0, 13)}${isMissed ? ' missed' : ''}`,
  );

test('every window of a cron schedule is due, and one without a rotation is missed', () => {
  const two = 'cron(0 2 * * ? *), window 2h';
  const rotated = [at('2026-01-02T02:30:00Z'), at('2026-01-04T03:10:00Z')];
  expect(shown([span(START, day(4), two)], rotated)).toEqual([
    '2026-01-02T02',
    '2026-01-03T02 missed',
    '2026-01-04T02',
    '2026-01-05T02 missed',
  ]);
});

test('a rotation ahead of time moves a window of days', () => {
  const rotated = [at('2026-01-05T06:00:00Z'), at('2026-01-08T06:00:00Z'), at('2026-01-15T01:00:00Z')];
  expect(shown([span(START, day(21), 'rate(7 days)')], rotated)).toEqual(
    ['2026-01-15T00', '2026-01-22T00 missed'].slice(0, 1),
  );
});

test('a window that was missed is followed by the next one of the schedule', () => {
  expect(shown([span(START, day(22), 'rate(7 days)')], [])).toEqual([
    '2026-01-08T00 missed',
    '2026-01-15T00 missed',
    '2026-01-22T00 missed',
  ]);
});

test('a rotation within a late window ends the series that was missed', () => {
  const rotated = [at('2026-01-10T06:00:00Z')];
  expect(shown([span(START, day(17), 'rate(7 days)')], rotated)).toEqual([
    '2026-01-08T00 missed',
    '2026-01-17T00 missed',
  ]);
});

test('no window is due while rotation is off, the secret is gone, or there is no schedule', () => {
  const off = span(START, day(10), 'rate(1 day)', { rotationOn: false });
  const gone = span(START, day(10), 'rate(1 day)', { isThere: false });
  expect(shown([off], [])).toEqual([]);
  expect(shown([gone], [])).toEqual([]);
  expect(shown([span(START, day(10), undefined)], [])).toEqual([]);
  expect(shown([span(START, day(10), 'whenever')], [])).toEqual([]);
});

test('a schedule that changes counts from the last rotation', () => {
  const spans = [span(START, day(3), 'rate(30 days)'), span(day(3), day(12), 'rate(7 days)')];
  expect(shown(spans, [later(START, HOUR)])).toEqual(['2026-01-08T00 missed']);
});

test('another owner does not begin the windows anew', () => {
  const spans = [
    span(START, day(3), 'rate(7 days)'),
    span(day(3), day(12), 'rate(7 days)', { owner: 'payments' }),
  ];
  expect(shown(spans, [])).toEqual(['2026-01-08T00 missed']);
});

test('a value that was put by hand counts as a rotation when the next window is found', () => {
  const spans = [span(START, day(10), 'rate(7 days)')];
  expect(shown(spans, [], [at('2026-01-08T06:00:00Z')])).toEqual(['2026-01-08T00']);
});

test('a window that closes at the end of the span is not due in it', () => {
  const closes = at('2026-01-08T23:59:59Z');
  expect(shown([span(START, closes, 'rate(7 days)')], [])).toEqual([]);
  expect(shown([span(START, later(closes, 1), 'rate(7 days)')], [])).toEqual(['2026-01-08T00 missed']);
});
