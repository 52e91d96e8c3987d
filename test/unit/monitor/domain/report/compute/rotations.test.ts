import { expect, test } from 'vitest';
import { DAY, HOUR, type Instant, later, MINUTE } from '../../../../../../src/calendar/instant.ts';
import {
  type RecordedRotation,
  rotationsOf,
} from '../../../../../../src/monitor/domain/report/compute/rotations.ts';
import { CURRENT, NOW, PENDING } from '../../../../../support/builders.ts';

const record = (versionId: string, given: Partial<RecordedRotation> = {}): RecordedRotation => ({
  versionId,
  startedAt: undefined,
  succeededAt: undefined,
  abandonedAt: undefined,
  failures: [],
  ...given,
});
const after = (ms: number): Instant => later(NOW, ms);
const outcomes = (records: readonly RecordedRotation[]) =>
  rotationsOf(records).map(({ outcome, basis }) => `${outcome} ${basis}`);

test('a rotation with events is observed', () => {
  expect(rotationsOf([record(CURRENT, { startedAt: NOW, succeededAt: after(MINUTE) })])).toEqual([
    {
      versionId: CURRENT,
      startedAt: NOW,
      endedAt: after(MINUTE),
      outcome: 'succeeded',
      failures: [],
      repairMs: undefined,
      basis: 'observed',
    },
  ]);
});

test('a rotation that only a list shows is completed and inferred', () => {
  expect(outcomes([record(CURRENT, { listedAt: NOW })])).toEqual(['succeeded inferred']);
  expect(outcomes([record(CURRENT, { startedAt: NOW, listedAt: after(MINUTE) })])).toEqual([
    'succeeded inferred',
  ]);
});

test('a failed rotation that a look found finished is repaired, and the earliest look counts', () => {
  const failed = record(PENDING, { failures: [{ at: NOW, step: 'testSecret' }] });
  const looks = [2 * HOUR, HOUR].map((ms) => record(PENDING, { listedAt: after(ms) }));
  const next = record(CURRENT, { succeededAt: after(DAY) });
  expect(rotationsOf([failed, ...looks, next])).toMatchObject([
    { outcome: 'succeeded', endedAt: after(HOUR), repairMs: HOUR, basis: 'inferred' },
    { outcome: 'succeeded', basis: 'observed' },
  ]);
});

test('list and event of one rotation are one, also when the event named no version', () => {
  const listed = record(CURRENT, { listedAt: NOW });
  const unnamed = record('unknown#e1', { succeededAt: later(NOW, -MINUTE) });
  expect(rotationsOf([listed, unnamed])).toMatchObject([
    { versionId: CURRENT, outcome: 'succeeded', basis: 'observed' },
  ]);
  expect(outcomes([unnamed])).toEqual(['succeeded observed']);
});

test('a list that names a value put by hand right after a rotation adds no rotation', () => {
  const rotated = record(PENDING, { startedAt: NOW, succeededAt: after(MINUTE) });
  const listed = record(CURRENT, { listedAt: after(MINUTE + 900) });
  expect(outcomes([rotated, listed])).toEqual(['succeeded observed']);
  expect(outcomes([rotated, record(CURRENT, { listedAt: after(5 * MINUTE) })])).toHaveLength(2);
});

test('the time to repair runs from the first failure to the success', () => {
  const failures = [after(MINUTE), after(HOUR)].map((at) => ({ at, step: 'setSecret' }));
  const [rotation] = rotationsOf([
    record(CURRENT, { startedAt: NOW, failures, succeededAt: after(2 * HOUR) }),
  ]);
  expect(rotation?.repairMs).toBe(2 * HOUR - MINUTE);
});

test('a rotation that was given up is repaired by the next one that succeeds', () => {
  const failures = [{ at: after(MINUTE), step: 'setSecret' }];
  const givenUp = record(PENDING, { startedAt: NOW, failures });
  const next = record(CURRENT, { startedAt: after(DAY), succeededAt: after(DAY + MINUTE) });
  const later = record('later', { startedAt: after(2 * DAY), succeededAt: after(2 * DAY + MINUTE) });
  const repairs = (records: readonly RecordedRotation[]) =>
    rotationsOf(records).map(({ repairMs }) => repairMs);
  expect(repairs([givenUp, next, later])).toEqual([DAY, undefined, undefined]);
  expect(repairs([givenUp])).toEqual([undefined]);
});

test('a rotation without an end is under way, or given up once another has begun', () => {
  const open = record(CURRENT, { startedAt: NOW });
  expect(outcomes([open])).toEqual(['under-way observed']);
  expect(outcomes([open, record(PENDING, { startedAt: after(HOUR), succeededAt: after(2 * HOUR) })])).toEqual(
    ['abandoned inferred', 'succeeded observed'],
  );
  expect(outcomes([record(CURRENT, { startedAt: NOW, abandonedAt: after(HOUR) })])).toEqual([
    'abandoned observed',
  ]);
});
