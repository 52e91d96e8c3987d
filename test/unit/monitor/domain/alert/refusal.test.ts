import { expect, test } from 'vitest';
import { later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { EVERY_GROUP, holdingBack, inForce } from '../../../../../src/monitor/domain/alert/refusal.ts';
import { NOW } from '../../../../support/builders.ts';

const refusal = (group: string, ageMs = 0) => ({ group, reason: 'invalid', at: later(NOW, -ageMs) });

test('a refusal holds until just before the next sweep drives on what was left', () => {
  expect(inForce([refusal('a', 4.5 * MINUTE - 1)], NOW, 5 * MINUTE)).toHaveLength(1);
  expect(inForce([refusal('a', 4.5 * MINUTE)], NOW, 5 * MINUTE)).toEqual([]);
});

test('a refusal holds its own group back, one of the channel every group', () => {
  expect(holdingBack([refusal('a')], 'a')).toEqual(refusal('a'));
  expect(holdingBack([refusal('a')], 'b')).toBeUndefined();
  expect(holdingBack([refusal(EVERY_GROUP)], 'b')).toEqual(refusal(EVERY_GROUP));
});
