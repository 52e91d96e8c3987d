import { expect, test } from 'vitest';
import { later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import type { MetricName } from '../../../../../src/monitor/domain/metric.ts';
import {
  emptyTally,
  freshSweepRecord,
  type SweepRecord,
  type SweepTally,
} from '../../../../../src/monitor/domain/sweep/sweep-result.ts';
import { fleetGauges, isSwept } from '../../../../../src/monitor/domain/sweep/sweep-tally.ts';
import { NOW } from '../../../../support/builders.ts';

const HOME = { account: '111122223333', region: 'eu-west-1' };
const SIGHT = { now: NOW, sweepIntervalMs: 5 * MINUTE, worstSecrets: 2, hasMembers: true, watched: [HOME] };

interface Sweep {
  /** Time since the end of the last sweep. */
  readonly agoMs?: number;
  readonly tookMs?: number;
  readonly tally?: Partial<SweepTally>;
}

const swept = ({ agoMs = 0, tookMs = SECOND, tally = {} }: Sweep = {}): SweepRecord => {
  const endedAt = later(NOW, -agoMs);
  const last = {
    startedAt: later(endedAt, -tookMs),
    endedAt,
    tally: { ...emptyTally, ...tally },
    apiCalls: 3,
  };
  return { ...freshSweepRecord(HOME), last };
};

const gauge = (records: readonly SweepRecord[], name: MetricName) =>
  fleetGauges(records, SIGHT).find((each) => each.name === name)?.value;

test('counts of all targets add up, ages and durations are those of the worst', () => {
  const records = [
    swept({ tookMs: 2000, tally: { observed: 10, alertsOpen: 1, oldestPendingAge: 60 } }),
    swept({ tookMs: 9000, agoMs: MINUTE, tally: { observed: 5, alertsOpen: 2, oldestPendingAge: 3600 } }),
  ];
  expect(gauge(records, 'SecretsObserved')).toBe(15);
  expect(gauge(records, 'AlertsOpen')).toBe(3);
  expect(gauge(records, 'OldestPendingAge')).toBe(3600);
  expect(gauge(records, 'SweepDuration')).toBe(9000);
  expect(gauge(records, 'SweepApiCalls')).toBe(6);
  expect(gauge(records, 'OldestTargetSweepAge')).toBe(60);
});

test('only the worst secrets of all targets together have a metric of their own', () => {
  const worst = (...ages: number[]) =>
    swept({ tally: { worstPending: ages.map((seconds) => ({ secretName: `s${seconds}`, seconds })) } });
  const named = fleetGauges([worst(30, 10), worst(20)], SIGHT).filter(({ name }) => name === 'PendingAge');
  expect(named.map(({ value }) => value)).toEqual([30, 20]);
});

test('whether the only target is swept is left to the heartbeat', () => {
  const names = fleetGauges([swept()], { ...SIGHT, hasMembers: false }).map(({ name }) => name);
  expect(names).toContain('SecretsObserved');
  expect(names).not.toContain('TargetsNotSwept');
  expect(names).not.toContain('OldestTargetSweepAge');
});

test('a fleet that was never swept is all zeros, and not swept', () => {
  const records = [freshSweepRecord(HOME), freshSweepRecord({ ...HOME, region: 'us-east-1' })];
  expect(gauge(records, 'TargetsNotSwept')).toBe(2);
  expect(gauge(records, 'SecretsObserved')).toBe(0);
  expect(gauge(records, 'OldestTargetSweepAge')).toBe(0);
});

test('a target is swept within three intervals and twice the time its sweep took, not a millisecond longer', () => {
  const patience = 15 * MINUTE + 2 * SECOND;
  expect(isSwept(swept({ agoMs: patience }), SIGHT)).toBe(true);
  expect(isSwept(swept({ agoMs: patience + 1 }), SIGHT)).toBe(false);
  expect(isSwept(swept({ agoMs: 40 * MINUTE, tookMs: 20 * MINUTE }), SIGHT)).toBe(true);
});

test('a target that cannot be listed is not swept, and counts with what its last sweep saw', () => {
  const failing = { ...swept({ agoMs: MINUTE, tally: { alertsOpen: 4 } }), failingSince: NOW };
  expect(gauge([failing, swept()], 'TargetsNotSwept')).toBe(1);
  expect(gauge([failing, swept()], 'AlertsOpen')).toBe(4);
});

test('the age of a target that could never be listed is that of its failing', () => {
  const failing = { ...freshSweepRecord(HOME), failingSince: later(NOW, -10 * MINUTE) };
  expect(gauge([failing, swept()], 'OldestTargetSweepAge')).toBe(600);
});

test('replicas whose primary is in a region of their account that is watched by nobody are counted', () => {
  const member = { account: '444455556666', region: 'us-east-1' };
  const home = swept({ tally: { replicasOf: { 'us-east-1': 2, 'eu-central-1': 1 } } });
  const there = { ...swept({ tally: { replicasOf: { 'eu-west-1': 4 } } }), ...member };
  const unwatched = (...watched: (typeof HOME)[]) =>
    fleetGauges([home, there], { ...SIGHT, watched }).find(({ name }) => name === 'ReplicasUnwatched')?.value;
  expect(unwatched(HOME, member)).toBe(7);
  expect(unwatched(HOME, member, { ...HOME, region: 'us-east-1' })).toBe(5);
  expect(unwatched(HOME, member, { ...member, region: 'eu-west-1' })).toBe(3);
});

test('where there are no replicas there is no metric of them, and 0 where all of their primaries are watched', () => {
  expect(gauge([swept()], 'ReplicasUnwatched')).toBeUndefined();
  expect(gauge([swept({ tally: { replicasOf: { 'eu-west-1': 3 } } })], 'ReplicasUnwatched')).toBe(0);
});
