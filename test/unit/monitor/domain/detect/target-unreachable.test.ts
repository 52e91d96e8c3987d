import { expect, test } from 'vitest';
import { later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { targetUnreachable } from '../../../../../src/monitor/domain/detect/target-unreachable.ts';
import { NOW } from '../../../../support/builders.ts';

const target = { account: '111122223333', region: 'eu-west-1', since: NOW, reason: 'denied' };

test('targetUnreachable is clear for fifteen minutes and HIGH one millisecond later', () => {
  expect(targetUnreachable(target, later(NOW, 15 * MINUTE))).toBe('clear');
  expect(targetUnreachable(target, later(NOW, 15 * MINUTE + 1))).toMatchObject({
    code: 'target-unreachable',
    severity: 'HIGH',
    since: NOW,
    why: ['ListSecrets has failed for account 111122223333 in eu-west-1 since 2026-11-21T10:00:00Z: denied.'],
  });
});
