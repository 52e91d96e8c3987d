import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { pendingAbandoned } from '../../../../../src/monitor/domain/detect/pending-abandoned.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import {
  anEvidence,
  aPending,
  aPolicy,
  facts,
  NOW,
  PENDING,
  PREVIOUS,
} from '../../../../support/builders.ts';

const failed = (step: Evidence['step']) => anEvidence('rotation-failed', 3 * HOUR, step && { step });
const vanished = anEvidence('pending-vanished', HOUR);
const notRotatedSince = { lastRotatedAt: vanished.at };

test.each([
  ['setSecret', 'HIGH'],
  ['testSecret', 'CRITICAL'],
  ['finishSecret', 'CRITICAL'],
] as const)(
  'pendingAbandoned speaks for a version that vanished after %s had failed, as %s',
  (step, severity) => {
    const verdict = pendingAbandoned.detect(
      facts({ evidence: [failed(step), vanished], secret: notRotatedSince }),
      NOW,
    );
    expect(verdict).toMatchObject({
      code: 'pending-abandoned',
      severity,
      since: vanished.at,
      pendingVersionId: PENDING,
    });
  },
);

test('pendingAbandoned is HIGH after testSecret where users alternate', () => {
  const given = { evidence: [failed('testSecret'), vanished], secret: notRotatedSince };
  const policy = aPolicy({ strategy: 'alternating-users' });
  expect(pendingAbandoned.detect(facts({ ...given, policy }), NOW)).toMatchObject({ severity: 'HIGH' });
});

test('pendingAbandoned speaks on when the version is kept by a label of its own', () => {
  const secret = { ...notRotatedSince, versionStages: { [PENDING]: ['rotation-rescue'] } };
  const given = facts({ evidence: [failed('testSecret'), vanished], secret });
  expect(pendingAbandoned.detect(given, NOW)).toMatchObject({ severity: 'CRITICAL' });
});

test('pendingAbandoned speaks for a rotation that Secrets Manager abandoned', () => {
  const abandoned = anEvidence('rotation-abandoned', HOUR);
  const verdict = pendingAbandoned.detect(facts({ evidence: [failed('setSecret'), abandoned] }), NOW);
  expect(verdict).toMatchObject({ what: expect.stringContaining(`Version ${PENDING} was abandoned`) });
});

test.each([
  ['createSecret failed', [failed('createSecret'), vanished]],
  ['the step is unknown', [failed(undefined), vanished]],
  ['nothing failed', [vanished]],
  ['another version failed', [{ ...failed('setSecret'), versionId: PREVIOUS }, vanished]],
])('pendingAbandoned is clear when %s: setSecret had not begun', (_case, evidence) => {
  expect(pendingAbandoned.detect(facts({ evidence }), NOW)).toBe('clear');
});

test('pendingAbandoned is clear as soon as a rotation succeeded after the vanishing, and not at its very instant', () => {
  const evidence = [failed('testSecret'), vanished];
  const rotatedAt = (ms: number) => ({ lastRotatedAt: later(vanished.at, ms) });
  expect(pendingAbandoned.detect(facts({ evidence, secret: rotatedAt(0) }), NOW)).not.toBe('clear');
  expect(pendingAbandoned.detect(facts({ evidence, secret: rotatedAt(1) }), NOW)).toBe('clear');
});

test('pendingAbandoned is clear when a rotation succeeded before a look showed the end of a version that was pending', () => {
  const late = { ...vanished, pendingFrom: later(vanished.at, -2 * HOUR) };
  const evidence = [failed('testSecret'), late];
  const detect = (ms: number, ...others: readonly Evidence[]) =>
    pendingAbandoned.detect(
      facts({
        evidence: [...evidence, ...others],
        secret: { lastRotatedAt: later(late.pendingFrom, ms) },
      }),
      NOW,
    );
  expect(detect(0)).not.toBe('clear');
  expect(detect(1)).toBe('clear');
  const succeeded = anEvidence('rotation-succeeded', 2 * HOUR, { versionId: PREVIOUS });
  expect(detect(0, succeeded)).toBe('clear');
});

test('pendingAbandoned is clear once an event reported a later success', () => {
  const succeeded = anEvidence('rotation-succeeded', HOUR - 1, { versionId: PREVIOUS });
  const evidence = [failed('testSecret'), vanished, succeeded];
  expect(pendingAbandoned.detect(facts({ evidence }), NOW)).toBe('clear');
});

test.each(['AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING'])(
  'pendingAbandoned is clear once the version is %s',
  (stage) => {
    const secret = { versionStages: { [PENDING]: [stage] } };
    expect(pendingAbandoned.detect(facts({ evidence: [failed('testSecret'), vanished], secret }), NOW)).toBe(
      'clear',
    );
  },
);

test.each([
  ['two minutes when nobody rotates', undefined, 2],
  ['fifteen minutes while the next rotation is under way', aPending(MINUTE), 15],
])('pendingAbandoned gives %s', (_case, pending, minutes) => {
  const detect = (ms: number) =>
    pendingAbandoned.detect(
      facts({
        pending: pending && { ...pending, versionId: PREVIOUS },
        evidence: [failed('setSecret'), anEvidence('pending-vanished', ms)],
        secret: { lastRotatedAt: undefined, versionStages: { [PREVIOUS]: ['AWSPENDING'] } },
      }),
      NOW,
    );
  expect(detect(minutes * MINUTE)).toBe('clear');
  expect(detect(minutes * MINUTE + 1)).toMatchObject({ pendingVersionId: PENDING });
});

test('pendingAbandoned is clear once the version was seen promoted, and speaks when it is given up anew', () => {
  const promoted = (ms: number, versionId = PENDING) => anEvidence('version-promoted', ms, { versionId });
  const detect = (...later: readonly Evidence[]) =>
    pendingAbandoned.detect(facts({ evidence: [failed('testSecret'), vanished, ...later] }), NOW);
  expect(detect(promoted(HOUR))).toBe('clear');
  expect(detect(promoted(HOUR - 1, PREVIOUS))).not.toBe('clear');
  expect(detect(promoted(HOUR + 1))).not.toBe('clear');
});

test('pendingAbandoned does not apply when nothing was given up', () => {
  expect(pendingAbandoned.detect(facts(), NOW)).toBe('not-applicable');
});
