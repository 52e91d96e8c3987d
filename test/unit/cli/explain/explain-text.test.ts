import { expect, test } from 'vitest';
import { DAY, HOUR, later } from '../../../../src/calendar/instant.ts';
import { inZones, scheduleLines } from '../../../../src/cli/explain/explain-text.ts';
import { aSecret, NOW } from '../../../support/builders.ts';

const CRON = { scheduleExpression: 'cron(0 12 * * ? *)', automaticallyAfterDays: 1, duration: '2h' };

test('scheduleLines says when the secret rotates, in UTC and on the wall', () => {
  const secret = aSecret({
    rotationRules: CRON,
    rotationEnabled: true,
    lastRotatedAt: later(NOW, -DAY),
    nextRotationAt: later(NOW, 4 * HOUR),
  });
  expect(scheduleLines(secret, NOW, 'Europe/Berlin')).toEqual([
    'Rotation is on: cron(0 12 * * ? *), window of 2h.',
    'Last rotation: 2026-11-20T10:00:00Z (Fri 11:00 Europe/Berlin), 1 d ago.',
    'Rotates by: 2026-11-21T14:00:00Z (Sat 15:00 Europe/Berlin), in 4 h.',
    'Next window: from 2026-11-21T12:00:00Z (Sat 13:00 Europe/Berlin) for 2 h.',
  ]);
});

test('scheduleLines says what was missed, and what was never configured', () => {
  const late = aSecret({
    rotationEnabled: true,
    lastRotatedAt: undefined,
    nextRotationAt: later(NOW, -HOUR),
  });
  expect(scheduleLines(late, NOW, 'UTC')).toEqual(
    expect.arrayContaining(['It has never rotated.', 'Was due by: 2026-11-21T09:00:00Z, 1 h ago.']),
  );
  expect(scheduleLines(aSecret({ rotationEnabled: undefined }), NOW, 'UTC')).toEqual([
    'Rotation was never configured.',
  ]);
});

test('inZones says the time once where the wall shows UTC', () => {
  expect(inZones(NOW, 'UTC')).toBe('2026-11-21T10:00:00Z');
});
