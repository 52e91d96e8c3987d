import { expect, test } from 'vitest';
import { HOUR, type Instant, later } from '../../../../../src/calendar/instant.ts';
import { type Alert, newAlert } from '../../../../../src/monitor/domain/alert/alert.ts';
import { endedBy } from '../../../../../src/monitor/domain/alert/ended-by.ts';
import type { FindingCode } from '../../../../../src/monitor/domain/finding/finding.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { anEvidence, aReplica, aSecret, at, CURRENT, PENDING } from '../../../../support/builders.ts';

const anAlert = (code: FindingCode, pendingVersionId: string | undefined): Alert =>
  newAlert({
    fingerprint: 'f',
    code,
    severity: 'HIGH',
    pendingVersionId,
    since: at('2026-11-21T08:00:00Z'),
    openedAt: at('2026-11-21T09:00:00Z'),
  });
const BEFORE = at('2026-11-02T00:20:00Z');
const AFTER = at('2026-11-21T09:30:00Z');

test.each<[string, FindingCode, string | undefined, Partial<Secret>, string]>([
  [
    'a deletion',
    'stuck-pending',
    PENDING,
    { deletedAt: AFTER },
    'The secret was scheduled for deletion at 2026-11-21T09:30:00Z.',
  ],
  [
    'a promotion',
    'stuck-pending',
    PENDING,
    { versionStages: { [PENDING]: ['AWSCURRENT'] } },
    `Version ${PENDING} became AWSCURRENT.`,
  ],
  [
    'a later rotation',
    'stuck-pending',
    PENDING,
    { lastRotatedAt: AFTER },
    'The secret rotated at 2026-11-21T09:30:00Z.',
  ],
  [
    'a removed label',
    'stuck-pending',
    PENDING,
    { lastRotatedAt: BEFORE },
    `AWSPENDING was removed from version ${PENDING}.`,
  ],
  [
    'a threshold set higher',
    'stuck-pending',
    PENDING,
    { lastRotatedAt: BEFORE, versionStages: { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['AWSPENDING'] } },
    'The rotation is within its limits again.',
  ],
  [
    'a rotation that came late',
    'rotation-overdue',
    undefined,
    { lastRotatedAt: AFTER },
    'The secret rotated at 2026-11-21T09:30:00Z.',
  ],
  [
    'rotation switched off',
    'rotation-overdue',
    undefined,
    { rotationEnabled: false },
    'Rotation was switched off.',
  ],
  [
    'a window that was skipped',
    'rotation-overdue',
    undefined,
    {},
    'It did not rotate; the due date moved from 2026-11-21T08:00:00Z to 2026-12-02T23:59:59Z.',
  ],
  [
    'no date',
    'rotation-overdue',
    undefined,
    { nextRotationAt: undefined },
    'It did not rotate, and no rotation is due.',
  ],
  [
    'a rotation that has begun',
    'rotation-overdue',
    undefined,
    { versionStages: { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['AWSPENDING'] } },
    'A rotation has started.',
  ],
  ['rotation switched on', 'rotation-silently-disabled', undefined, {}, 'Rotation is on again.'],
  [
    'settings removed',
    'rotation-silently-disabled',
    undefined,
    { rotationEnabled: false },
    'The rotation settings were removed.',
  ],
  ['a test that passed', 'test-rotation-failed', undefined, {}, 'A later test succeeded.'],
  [
    'a rotation after a test',
    'test-rotation-failed',
    undefined,
    { lastRotatedAt: AFTER },
    'The secret rotated at 2026-11-21T09:30:00Z.',
  ],
  [
    'rotation off after a test',
    'test-rotation-failed',
    undefined,
    { rotationEnabled: false },
    'Rotation was switched off.',
  ],
  [
    'the last replica in sync',
    'replication-failed',
    undefined,
    { replicas: [aReplica('us-east-1', 'InSync')] },
    'Every replica is in sync.',
  ],
  ['replicas removed', 'replication-failed', undefined, {}, 'The secret no longer has replicas.'],
  [
    'the last confirmation',
    'invalidation-unconfirmed',
    undefined,
    {},
    'Every consumer with a lease has confirmed the version in use, or its lease has ended.',
  ],
  [
    'a rotation that ends the version',
    'previous-version-in-use',
    undefined,
    { lastRotatedAt: AFTER },
    'The secret rotated at 2026-11-21T09:30:00Z.',
  ],
  [
    'a week without a request',
    'previous-version-in-use',
    undefined,
    {},
    'AWSPREVIOUS is no longer requested.',
  ],
  ['a current version', 'no-current-version', undefined, {}, 'A version is AWSCURRENT again.'],
  ['a look that works', 'unverifiable', undefined, {}, 'The secret can be checked again.'],
])('%s ends an alert and is named', (_case, code, versionId, secret, expected) => {
  expect(endedBy(anAlert(code, versionId), aSecret(secret))).toBe(expected);
});

test('a value put by hand that moved the due date is reported with whoever put it', () => {
  const put = (ago: number, actor?: string) =>
    anEvidence('secret-changed', ago, {
      operation: 'PutSecretValue',
      makesCurrent: true,
      ...(actor && { actor }),
    });
  const alert = anAlert('rotation-overdue', undefined);
  const end = (evidence: readonly Evidence[]) => endedBy(alert, aSecret(), { evidence });
  expect(end([put(HOUR, 'arn:aws:iam::111122223333:user/alex')])).toBe(
    'It did not rotate: arn:aws:iam::111122223333:user/alex put a value at 2026-11-21T09:00:00Z, which counts as a rotation; the due date moved from 2026-11-21T08:00:00Z to 2026-12-02T23:59:59Z.',
  );
  expect(end([put(HOUR)])).toContain('an unknown caller');
  expect(end([put(3 * HOUR)])).toMatch(/^It did not rotate; the due date moved/);
});

/** A call a while after the alert began, by somebody. */
function aCall(given: Partial<Evidence>): Evidence {
  const { versionId: _pending, ...fact } = anEvidence('secret-changed', HOUR, { actor: ALEX });
  return { ...fact, ...given };
}
const ALEX = 'arn:aws:iam::111122223333:user/alex';

test.each<[string, Partial<Evidence>]>([
  ['a pending value that a function put', { operation: 'PutSecretValue', makesPending: true }],
  ['a value put under a label of its own', { operation: 'PutSecretValue' }],
  ['an update that made no version', { operation: 'UpdateSecret', makesCurrent: true }],
])('%s counts as no rotation, and nobody is named for it', (_what, call) => {
  expect(endedBy(anAlert('rotation-overdue', undefined), aSecret(), { evidence: [aCall(call)] })).toBe(
    'It did not rotate; the due date moved from 2026-11-21T08:00:00Z to 2026-12-02T23:59:59Z.',
  );
});

test('an update that made a version is reported like a value that was put', () => {
  const update = aCall({ operation: 'UpdateSecret', makesCurrent: true, versionId: CURRENT });
  expect(endedBy(anAlert('rotation-overdue', undefined), aSecret(), { evidence: [update] })).toContain(
    `${ALEX} put a value`,
  );
});

test('a change outside a rotation that turns out to be none is not said to have been taken back', () => {
  const alert = anAlert('current-changed-outside-rotation', undefined);
  const end = (seenAt: Instant) => endedBy(alert, aSecret(), { evidence: [], current: { seenAt } });
  expect(end(alert.openedAt)).toBe(
    'It has become known that a rotation, or a caller who may, put the version in use.',
  );
  expect(end(later(alert.openedAt, 1))).toBe('AWSCURRENT is back on the version that a rotation promoted.');
});
