import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { type Alert, newAlert } from '../../../../../src/monitor/domain/alert/alert.ts';
import { type Circumstances, decide } from '../../../../../src/monitor/domain/alert/decide.ts';
import { at, NOW } from '../../../../support/builders.ts';

const fresh = newAlert({
  fingerprint: 'f',
  code: 'stuck-pending',
  severity: 'HIGH',
  pendingVersionId: undefined,
  since: NOW,
  openedAt: NOW,
});
const told = (given: Partial<Alert> = {}): Alert => ({
  ...fresh,
  toldSeverity: 'HIGH',
  lastToldAt: NOW,
  ...given,
});
const after = (ms: number, given: Partial<Circumstances> = {}): Circumstances => ({
  now: later(NOW, ms),
  inhibited: false,
  silence: undefined,
  silenceCritical: false,
  strategyChanged: false,
  ...given,
});
const HIGH = { severity: 'HIGH' } as const;
const CRITICAL = { severity: 'CRITICAL' } as const;
const says = (transition: string, reason: string) => ({ speaks: true, transition, reason });
const holds = (because: string) => ({ speaks: false, because });

test('an alert that was never reported is reported', () => {
  expect(decide(fresh, HIGH, after(0))).toEqual(says('opened', 'first'));
});

test('an inhibited alert is not reported, whatever else holds', () => {
  expect(decide(fresh, CRITICAL, after(0, { inhibited: true }))).toEqual(holds('inhibited'));
});

test('a higher severity is reported, a lower one is not', () => {
  expect(decide(told(), CRITICAL, after(1))).toEqual(says('rose', 'severity-rose'));
  expect(decide(told(), { severity: 'LOW' }, after(1))).toEqual(holds('told'));
});

test('an alert repeats after 24 hours, not a millisecond earlier', () => {
  expect(decide(told(), HIGH, after(DAY - 1))).toEqual(holds('told'));
  expect(decide(told(), HIGH, after(DAY))).toEqual(says('repeated', 'repeat-interval'));
});

test('a CRITICAL alert repeats after 4 hours', () => {
  const critical = told({ toldSeverity: 'CRITICAL', escalatedAt: NOW });
  expect(decide(critical, CRITICAL, after(4 * HOUR - 1))).toEqual(holds('told'));
  expect(decide(critical, CRITICAL, after(4 * HOUR))).toEqual(says('repeated', 'repeat-interval'));
});

test('after five repeats an alert is only in the weekly digest, Mondays at 09:00 UTC', () => {
  const friday = at('2026-11-20T12:00:00Z');
  const often = told({ repeats: 5, lastToldAt: friday });
  const on = (instant: string) => decide(often, HIGH, { ...after(0), now: at(instant) });
  expect(on('2026-11-23T08:59:59Z')).toEqual(holds('told'));
  expect(on('2026-11-23T09:00:00Z')).toEqual(says('repeated', 'weekly-digest'));
  expect(
    decide({ ...often, lastToldAt: at('2026-11-23T09:00:00Z') }, HIGH, {
      ...after(0),
      now: at('2026-11-25T00:00:00Z'),
    }),
  ).toEqual(holds('told'));
});

test.each([
  ['CRITICAL', CRITICAL, '2026-11-23T05:00:00Z', '2026-11-23T05:00:01Z'],
  ['HIGH', HIGH, '2026-11-22T09:00:00Z', '2026-11-22T09:00:01Z'],
] as const)(
  'the digest is never sooner after the last repeat of a %s alert than another repeat would be',
  (severity, finding, early, late) => {
    const lastToldAt = (instant: string) =>
      told({ repeats: 5, toldSeverity: severity, escalatedAt: NOW, lastToldAt: at(instant) });
    const monday = { ...after(0), now: at('2026-11-23T09:00:00Z') };
    const next = { ...after(0), now: at('2026-11-30T09:00:00Z') };
    expect(decide(lastToldAt('2026-11-22T08:59:59Z'), finding, monday)).toEqual(
      says('repeated', 'weekly-digest'),
    );
    expect(decide(lastToldAt(early), finding, monday)).toEqual(holds('told'));
    expect(decide(lastToldAt(late), finding, monday)).toEqual(holds('told'));
    expect(decide(lastToldAt(late), finding, next)).toEqual(says('repeated', 'weekly-digest'));
  },
);

test('a CRITICAL alert that nobody acknowledged is escalated once, after 30 minutes', () => {
  const critical = told({ toldSeverity: 'CRITICAL' });
  expect(decide(critical, CRITICAL, after(30 * MINUTE - 1))).toEqual(holds('told'));
  expect(decide(critical, CRITICAL, after(30 * MINUTE))).toEqual(says('escalated', 'unacknowledged'));
  expect(decide({ ...critical, escalatedAt: NOW }, CRITICAL, after(31 * MINUTE))).toEqual(holds('told'));
});

test('an acknowledged alert neither repeats nor escalates until the time is over, but may rise', () => {
  const acked = told({ ack: { until: later(NOW, 2 * DAY), by: 'alex' } });
  expect(decide(acked, HIGH, after(2 * DAY - 1))).toEqual(holds('acknowledged'));
  expect(decide(acked, HIGH, after(2 * DAY))).toEqual(says('repeated', 'repeat-interval'));
  expect(decide(acked, CRITICAL, after(1))).toEqual(says('rose', 'severity-rose'));
});

test('a silenced alert is announced as silenced once, and reported when the silence is over', () => {
  const silence = { until: later(NOW, DAY), reason: 'migration' };
  expect(decide(fresh, HIGH, after(0, { silence }))).toEqual(says('silenced', 'silenced'));
  const announced = { ...fresh, silencedUntil: silence.until };
  expect(decide(announced, HIGH, after(1, { silence }))).toEqual(holds('silenced'));
  expect(decide(announced, HIGH, after(DAY))).toEqual(says('opened', 'first'));
  const longer = { ...silence, until: later(NOW, 2 * DAY) };
  expect(decide(announced, HIGH, after(1, { silence: longer }))).toEqual(says('silenced', 'silenced'));
});

test('what would be CRITICAL without a tag is not silenced by another tag', () => {
  const silence = { until: later(NOW, DAY), reason: 'migration' };
  const lowered = { severity: 'HIGH', severityUntagged: 'CRITICAL' } as const;
  expect(decide(fresh, lowered, after(0, { silence }))).toEqual(says('opened', 'first'));
  const announced = { ...fresh, silencedUntil: silence.until };
  expect(decide(announced, lowered, after(0, { silence }))).toEqual(says('opened', 'first'));
  expect(decide(fresh, lowered, after(0, { silence, silenceCritical: true }))).toEqual(
    says('silenced', 'silenced'),
  );
});

test('a tag that changes the strategy is announced, whether the alert is silenced, acknowledged or reported', () => {
  const strategyChanged = true;
  const silence = { until: later(NOW, DAY), reason: 'migration' };
  const announced = { ...fresh, silencedUntil: silence.until };
  expect(decide(announced, HIGH, after(1, { silence, strategyChanged }))).toEqual(
    says('silenced', 'silenced'),
  );
  const changed = says('repeated', 'strategy-changed');
  expect(decide(told(), HIGH, after(1, { strategyChanged }))).toEqual(changed);
  const acknowledged = told({ ack: { until: later(NOW, HOUR), by: 'alex', at: NOW } as never });
  expect(decide(acknowledged, HIGH, after(1, { strategyChanged }))).toEqual(changed);
});

test('CRITICAL is not silenced unless the settings allow it', () => {
  const silence = { until: later(NOW, DAY), reason: 'migration' };
  expect(decide(fresh, CRITICAL, after(0, { silence }))).toEqual(says('opened', 'first'));
  expect(decide(fresh, CRITICAL, after(0, { silence, silenceCritical: true }))).toEqual(
    says('silenced', 'silenced'),
  );
});
