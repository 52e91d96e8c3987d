import { expect, test } from 'vitest';
import { DAY, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { invalidationUnconfirmed } from '../../../../../src/monitor/domain/detect/invalidation-unconfirmed.ts';
import { aLease, aPolicy, CURRENT, facts, NOW } from '../../../../support/builders.ts';

const rotated = (agoMs: number) => ({ lastRotatedAt: later(NOW, -agoMs) });
const detect = (agoMs: number) =>
  invalidationUnconfirmed.detect(facts({ secret: rotated(agoMs), leases: [aLease()] }), NOW);

test('invalidationUnconfirmed is clear until the time to confirm is over and speaks one millisecond later', () => {
  expect(detect(15 * MINUTE)).toBe('clear');
  expect(detect(15 * MINUTE + 1)).toEqual({
    code: 'invalidation-unconfirmed',
    severity: 'LOW',
    since: later(NOW, -15 * MINUTE - 1),
    pendingVersionId: undefined,
    what: '1 consumer has not confirmed the version in use 15 min after the rotation.',
  });
});

test('invalidationUnconfirmed becomes MEDIUM after a day', () => {
  expect(detect(DAY)).toMatchObject({ severity: 'LOW' });
  expect(detect(DAY + 1)).toMatchObject({ severity: 'MEDIUM' });
});

test('invalidationUnconfirmed takes the time of the policy', () => {
  const policy = aPolicy({ confirmAfterMs: 5 * MINUTE });
  const given = facts({ secret: rotated(6 * MINUTE), leases: [aLease()], policy });
  expect(invalidationUnconfirmed.detect(given, NOW)).toMatchObject({ severity: 'LOW' });
});

test('invalidationUnconfirmed counts those that are waited for', () => {
  const leases = [
    aLease(),
    aLease({ consumer: 'b' }),
    aLease({ consumer: 'c', confirmedVersionId: CURRENT }),
  ];
  const given = facts({ secret: rotated(DAY), leases });
  expect(invalidationUnconfirmed.detect(given, NOW)).toMatchObject({
    what: '2 consumers have not confirmed the version in use 1 d after the rotation.',
  });
});

test('invalidationUnconfirmed is clear when all have confirmed or are gone', () => {
  const leases = [aLease({ confirmedVersionId: CURRENT }), aLease({ expiresAt: NOW })];
  expect(invalidationUnconfirmed.detect(facts({ secret: rotated(DAY), leases }), NOW)).toBe('clear');
});

test('invalidationUnconfirmed does not apply where leases were not read or nothing rotated', () => {
  expect(invalidationUnconfirmed.detect(facts({ secret: rotated(DAY) }), NOW)).toBe('not-applicable');
  const never = facts({ secret: { lastRotatedAt: undefined }, leases: [aLease()] });
  expect(invalidationUnconfirmed.detect(never, NOW)).toBe('not-applicable');
});
