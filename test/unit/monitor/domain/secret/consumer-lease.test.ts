import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  awaitsConfirmation,
  confirmations,
  unconfirmed,
} from '../../../../../src/monitor/domain/secret/consumer-lease.ts';
import { aLease, aSecret, CURRENT, NOW } from '../../../../support/builders.ts';

const ROTATED = later(NOW, -HOUR);
const secret = aSecret({ lastRotatedAt: ROTATED });
const waiting = (given: Parameters<typeof aLease>[0]) => unconfirmed([aLease(given)], secret, NOW).length;

test('a consumer that lives and has confirmed nothing since the rotation is waited for', () => {
  expect(waiting({ confirmedAt: later(ROTATED, -1) })).toBe(1);
});

test('one that uses the version in use, or whose lease has run out, is not', () => {
  expect(waiting({ confirmedVersionId: CURRENT })).toBe(0);
  expect(waiting({ expiresAt: NOW })).toBe(0);
  expect(waiting({ expiresAt: later(NOW, 1) })).toBe(1);
});

test('one that has confirmed another version since the rotation has followed a later change', () => {
  expect(waiting({ confirmedAt: ROTATED })).toBe(0);
});

test('without a rotation or a version in use nobody is waited for', () => {
  expect(unconfirmed([aLease()], { ...secret, lastRotatedAt: undefined }, NOW)).toEqual([]);
  expect(unconfirmed([aLease()], { ...secret, versionStages: {} }, NOW)).toEqual([]);
});

test('leases are read from the end of the time to confirm until an hour and a sweep later', () => {
  const rotated = (agoMs: number, given = {}) =>
    awaitsConfirmation(aSecret({ lastRotatedAt: later(NOW, -agoMs), ...given }), 15 * MINUTE, {
      now: NOW,
      sweepIntervalMs: 5 * MINUTE,
    });
  expect(rotated(15 * MINUTE)).toBe(false);
  expect(rotated(15 * MINUTE + 1)).toBe(true);
  expect(rotated(80 * MINUTE)).toBe(true);
  expect(rotated(80 * MINUTE + 1)).toBe(false);
  expect(rotated(20 * MINUTE, { deletedAt: NOW })).toBe(false);
  expect(rotated(20 * MINUTE, { primaryRegion: 'us-east-1' })).toBe(false);
  expect(rotated(20 * MINUTE, { lastRotatedAt: undefined })).toBe(false);
});

test('no consumer says that a version took longer to be used than there was time', () => {
  const ahead = aLease({ confirmedVersionId: CURRENT, confirmedAt: later(NOW, 50 * 365 * 24 * HOUR) });
  const soon = aLease({ confirmedVersionId: CURRENT, confirmedAt: later(ROTATED, MINUTE) });
  expect(confirmations([soon], secret, NOW)).toEqual({ confirmed: 1, lastMs: MINUTE });
  expect(confirmations([soon, ahead], secret, NOW)).toEqual({ confirmed: 2, lastMs: HOUR });
});
