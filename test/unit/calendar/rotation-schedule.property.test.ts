import { Cron } from 'croner';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR, type Instant, instant } from '../../../src/calendar/instant.ts';
import { parseRotationSchedule, type RotationSchedule } from '../../../src/calendar/rotation-schedule.ts';

/** A field as Secrets Manager writes it beside the same field in croner's words. */
interface Field {
  readonly aws: string;
  readonly oracle: string;
}

const same = (text: string): Field => ({ aws: text, oracle: text });

const numbers = (min: number, max: number, last = max): fc.Arbitrary<Field> =>
  fc.oneof(
    fc.constant(same('*')),
    fc
      .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 })
      .map((list) => same(list.join(','))),
    fc
      .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
      .map(([a, b]) => same(`${Math.min(a, b)}-${Math.max(a, b)}`)),
    fc.tuple(fc.integer({ min, max }), fc.integer({ min: 2, max })).map(([from, step]) => ({
      aws: `${from}/${step}`,
      oracle: `${from}-${last}/${step}`,
    })),
    fc.integer({ min: 2, max }).map((step) => ({ aws: `/${step}`, oracle: `${min}-${last}/${step}` })),
  );

const hours: fc.Arbitrary<Field> = fc.oneof(
  fc.integer({ min: 0, max: 23 }).map((hour) => same(`${hour}`)),
  fc.constantFrom(
    { aws: '2/10', oracle: '2-23/10' },
    { aws: '/8', oracle: '0-23/8' },
    same('1,5,23'),
    same('0-20/4'),
  ),
);

const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;
const weekday = fc.integer({ min: 1, max: 7 });
const daysOfWeek: fc.Arbitrary<Field> = fc.oneof(
  fc.uniqueArray(weekday, { minLength: 1, maxLength: 3 }).map((days) => ({
    aws: days.join(','),
    oracle: days.map((day) => day - 1).join(','),
  })),
  fc.constantFrom(...WEEKDAYS).map(same),
  fc.constant(same('MON-FRI')),
  fc.constant({ aws: 'L', oracle: 'SAT' }),
  weekday.map((day) => ({ aws: `${day}L`, oracle: `${day - 1}#L` })),
  fc.tuple(weekday, fc.integer({ min: 1, max: 4 })).map(([day, nth]) => ({
    aws: `${WEEKDAYS[day - 1]}#${nth}`,
    oracle: `${day - 1}#${nth}`,
  })),
);
const months: fc.Arbitrary<Field> = fc.oneof(
  numbers(1, 12),
  fc.constantFrom('JAN', 'MAR-OCT', 'FEB,DEC').map(same),
);

const cron: fc.Arbitrary<Field> = fc
  .tuple(hours, fc.oneof(numbers(1, 28, 31), fc.constant(same('L'))), months, daysOfWeek, fc.boolean())
  .map(([hour, day, month, dow, byDay]) => ({
    aws: `cron(0 ${hour.aws} ${byDay ? day.aws : '?'} ${month.aws} ${byDay ? '?' : dow.aws} *)`,
    oracle: `0 0 ${hour.oracle} ${byDay ? day.oracle : '*'} ${month.oracle} ${byDay ? '*' : dow.oracle} *`,
  }));

const moment = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2095, 0) }).map(instant);

function schedule(scheduleExpression: string, duration?: string): RotationSchedule {
  const parsed = parseRotationSchedule({ scheduleExpression, duration, automaticallyAfterDays: undefined });
  if ('fault' in parsed) throw new Error(parsed.fault);
  return parsed;
}

test('cron opens when croner says so', () => {
  fc.assert(
    fc.property(cron, moment, ({ aws, oracle }, after) => {
      const expected = new Cron(oracle, { timezone: 'UTC', mode: '7-part' }).nextRun(new Date(after));
      expect(schedule(aws).next(after).opensAt).toBe(expected?.getTime());
    }),
    { numRuns: 400 },
  );
});

const expressions = fc.oneof(
  cron.map(({ aws }) => aws),
  fc.integer({ min: 4, max: 200 }).map((hours) => `rate(${hours} hours)`),
  fc.integer({ min: 1, max: 999 }).map((days) => `rate(${days} days)`),
);

test('windows are monotone in time, open after the moment asked for and stay within one UTC day', () => {
  fc.assert(
    fc.property(expressions, moment, moment, (expression, a, b) => {
      const [early, late] = (a < b ? [a, b] : [b, a]) as [Instant, Instant];
      const windows = [early, late].map((after) => schedule(expression).next(after));
      expect(windows[0]?.opensAt).toBeLessThanOrEqual(windows[1]?.opensAt ?? 0);
      expect(windows[0]?.closesAt).toBeLessThanOrEqual(windows[1]?.closesAt ?? 0);
      expect(windows[0]?.opensAt).toBeGreaterThan(early);
      for (const { opensAt, closesAt } of windows) {
        expect(opensAt % HOUR).toBe(0);
        expect(closesAt - opensAt).toBeGreaterThanOrEqual(HOUR - 1000);
        expect(Math.floor(opensAt / (24 * HOUR))).toBe(Math.floor(closesAt / (24 * HOUR)));
      }
    }),
  );
});

test('any text is parsed or refused, quickly and without a throw', () => {
  const piece = fc.constantFrom(
    'cron(',
    'rate(',
    '0',
    ' ',
    '*',
    '?',
    'L',
    '#',
    '/',
    '-',
    ',',
    'MON',
    '31',
    '2',
    ')',
    'day',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, fc.option(fc.string(), { nil: undefined }), (scheduleExpression, duration) => {
      const parsed = parseRotationSchedule({
        scheduleExpression,
        duration,
        automaticallyAfterDays: undefined,
      });
      expect('fault' in parsed || parsed.next(instant(0)).opensAt > 0).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
