import { Cron } from 'croner';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, type Instant, instant, later } from '../../../../src/calendar/instant.ts';
import { cronTimes } from '../../../../src/simulator/scheduler/schedule-expression.ts';
import { timeZone } from '../../../../src/simulator/scheduler/time-zone.ts';
import { at } from '../../../support/builders.ts';

function first(fields: string, from: Instant, zoneName = 'UTC'): Instant | undefined {
  const zone = timeZone(zoneName);
  return zone && cronTimes(fields, zone)?.(from);
}
const FROM = at('2026-11-21T10:00:00Z');

test.each([
  ['0 10 * * ? *', '2026-11-21T10:00:00Z'],
  ['15 10 ? * 6L 2022-2027', '2026-11-27T10:15:00Z'],
  ['0 8 L * ? *', '2026-11-30T08:00:00Z'],
  ['0 8 LW 1 ? 2027', '2027-01-29T08:00:00Z'],
  ['0 8 1W 8 ? 2027', '2027-08-02T08:00:00Z'],
  ['0 8 31W 10 ? 2027', '2027-10-29T08:00:00Z'],
  ['0 8 15W 5 ? 2027', '2027-05-14T08:00:00Z'],
  ['0 8 ? * 3#2 *', '2026-12-08T08:00:00Z'],
  ['0 8 ? * L *', '2026-11-28T08:00:00Z'],
  ['1/10 * * * ? *', '2026-11-21T10:01:00Z'],
  ['0 0 29 2 ? *', '2028-02-29T00:00:00Z'],
  ['0 0 ? FEB SUN#5 *', '2032-02-29T00:00:00Z'],
  ['0-15/1 8-8 ? * 2,3,4,5,6,7 *', '2026-11-23T08:00:00Z'],
  ['30 9 * * ?', '2026-11-22T09:30:00Z'],
])('cron(%s) is next due at %s', (fields, due) => {
  expect(first(fields, FROM)).toBe(at(due));
});

test('years that are past and days that no month has are never due', () => {
  expect(first('0 0 1 1 ? 2020', FROM)).toBeUndefined();
  expect(first('0 0 31 2 ? *', FROM)).toBeUndefined();
});

test('a time that the clocks skip in spring is skipped, one that they show twice in autumn is due once', () => {
  const daily = (from: string) => first('30 2 * * ? *', at(from), 'Europe/Berlin');
  expect(daily('2026-03-28T12:00:00Z')).toBe(at('2026-03-30T00:30:00Z'));
  expect(daily('2026-10-24T12:00:00Z')).toBe(at('2026-10-25T00:30:00Z'));
  expect(daily('2026-10-25T00:30:01Z')).toBe(at('2026-10-26T01:30:00Z'));
});

/** A field as AWS writes it beside the same field in croner's words. */
interface Field {
  readonly aws: string;
  readonly oracle: string;
}
const same = (text: string): Field => ({ aws: text, oracle: text });
const field = (min: number, max: number): fc.Arbitrary<Field> =>
  fc.oneof(
    fc.constant(same('*')),
    fc
      .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 })
      .map((list) => same(list.join(','))),
    fc
      .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
      .map(([a, b]) => same(`${Math.min(a, b)}-${Math.max(a, b)}`)),
    fc
      .tuple(fc.integer({ min, max }), fc.integer({ min: 2, max }))
      .map(([from, step]) => ({ aws: `${from}/${step}`, oracle: `${from}-${max}/${step}` })),
  );
const weekday = fc.integer({ min: 1, max: 7 });
const weekdays: fc.Arbitrary<Field> = fc.oneof(
  fc
    .uniqueArray(weekday, { minLength: 1, maxLength: 3 })
    .map((days) => ({ aws: days.join(','), oracle: days.map((day) => day - 1).join(',') })),
  fc.constant(same('MON-FRI')),
  weekday.map((day) => ({ aws: `${day}L`, oracle: `${day - 1}#L` })),
  fc
    .tuple(weekday, fc.integer({ min: 1, max: 4 }))
    .map(([day, nth]) => ({ aws: `${day}#${nth}`, oracle: `${day - 1}#${nth}` })),
);
const monthDays = fc.oneof(
  field(1, 28),
  fc.constant(same('L')),
  fc.integer({ min: 1, max: 28 }).map((day) => same(`${day}W`)),
);
const cron = fc
  .tuple(field(0, 59), field(0, 23), monthDays, field(1, 12), weekdays, fc.boolean())
  .map(([minute, hour, day, month, dow, byDay]) => ({
    aws: `${minute.aws} ${hour.aws} ${byDay ? day.aws : '?'} ${month.aws} ${byDay ? '?' : dow.aws} *`,
    oracle: `0 ${minute.oracle} ${hour.oracle} ${byDay ? day.oracle.replaceAll('-28/', '-31/') : '*'} ${month.oracle} ${byDay ? '*' : dow.oracle} *`,
  }));
const moment = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2090, 0) }).map(instant);

test('a cron in UTC is due when croner says so', () => {
  fc.assert(
    fc.property(cron, moment, ({ aws, oracle }, after) => {
      const expected = new Cron(oracle, { timezone: 'UTC', mode: '7-part' }).nextRun(new Date(after));
      expect(first(aws, later(after, 1)), aws).toBe(expected?.getTime());
    }),
    { numRuns: 300 },
  );
});

test('a cron in a zone is due at that time of its clocks, and never before the moment asked for', () => {
  const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe');
  fc.assert(
    fc.property(
      zones,
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
      moment,
      (name, hour, minute, from) => {
        const due = first(`${minute} ${hour} * * ? *`, from, name);
        const zone = timeZone(name);
        if (due === undefined || zone === undefined) throw new Error('Not due');
        const shown = new Date(zone.wallTime(due));
        expect([shown.getUTCHours(), shown.getUTCMinutes()]).toEqual([hour, minute]);
        expect(due).toBeGreaterThanOrEqual(from);
        expect(due - from).toBeLessThanOrEqual(2 * DAY);
      },
    ),
    { numRuns: 200 },
  );
});
