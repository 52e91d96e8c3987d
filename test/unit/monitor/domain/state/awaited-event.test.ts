import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { awaitsEvent } from '../../../../../src/monitor/domain/state/awaited-event.ts';
import { freshTarget, type TargetRecord } from '../../../../../src/monitor/domain/state/secret-state.ts';
import { aSecret, NOW } from '../../../../support/builders.ts';
import { TARGET } from '../../../../support/service.ts';

const awaits = (
  ageMs: number,
  given: Partial<Secret> = {},
  record: Partial<TargetRecord> = { baselineAt: later(NOW, -DAY) },
): boolean =>
  awaitsEvent(
    aSecret({ lastRotatedAt: later(NOW, -ageMs), ...given }),
    { ...freshTarget(TARGET), ...record },
    { now: NOW, sweepIntervalMs: 5 * MINUTE },
  );

test('the event of a rotation is asked for from half an hour on, for an hour and a sweep', () => {
  expect(awaits(30 * MINUTE - 1)).toBe(false);
  expect(awaits(30 * MINUTE)).toBe(true);
  expect(awaits(HOUR + 5 * MINUTE - 1)).toBe(true);
  expect(awaits(HOUR + 5 * MINUTE)).toBe(false);
});

test('a rotation that a sweep has looked at is not asked for again', () => {
  const record = { baselineAt: later(NOW, -DAY), eventsCheckedUntil: later(NOW, -35 * MINUTE) };
  expect(awaits(35 * MINUTE, {}, record)).toBe(false);
  expect(awaits(35 * MINUTE - 1, {}, record)).toBe(true);
});

test('a rotation before the end of the first sweep is not asked for: nobody may have listened', () => {
  expect(awaits(40 * MINUTE, {}, { baselineAt: undefined })).toBe(false);
  expect(awaits(40 * MINUTE, {}, { baselineAt: later(NOW, -40 * MINUTE) })).toBe(false);
  expect(awaits(40 * MINUTE, {}, { baselineAt: later(NOW, -40 * MINUTE - 1) })).toBe(true);
});

test.each([
  ['never rotated', { lastRotatedAt: undefined }],
  ['scheduled for deletion', { deletedAt: NOW }],
  ['a replica, whose events arrive in the region of its primary', { primaryRegion: 'us-east-1' }],
] as const)('a secret that is %s awaits none', (_case, given) => {
  expect(awaits(40 * MINUTE, given)).toBe(false);
});
