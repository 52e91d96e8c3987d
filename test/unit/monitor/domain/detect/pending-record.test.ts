import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  failedWhere,
  isSplit,
  isUnderWay,
  lastAttemptAt,
  pendingProgress,
  recordedStep,
  recordOf,
  setSecretBegun,
} from '../../../../../src/monitor/domain/detect/pending-record.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import { allProgress } from '../../../../../src/monitor/domain/rotation/progress.ts';
import { anEvidence, aPending, aPolicy, CURRENT, facts, NOW, PENDING } from '../../../../support/builders.ts';

const pending = aPending(HOUR);
const failed = (agoMs: number, step: 'setSecret' | 'testSecret') =>
  anEvidence('rotation-failed', agoMs, { step });

test('recordOf keeps what is about the pending version and drops what is about another', () => {
  const own = failed(MINUTE, 'setSecret');
  expect(recordOf({ pending, evidence: [own, { ...own, versionId: CURRENT }] })).toEqual([own]);
  expect(recordOf({ pending: undefined, evidence: [own] })).toEqual([]);
});

test('recordedStep is the last step that was named', () => {
  const nameless = anEvidence('rotation-failed', 1);
  expect(
    recordedStep({ pending, evidence: [failed(3, 'setSecret'), failed(2, 'testSecret'), nameless] }),
  ).toBe('testSecret');
  expect(recordedStep({ pending, evidence: [nameless] })).toBeUndefined();
});

test('setSecretBegun looks at failures of that version only', () => {
  expect(setSecretBegun(PENDING, { evidence: [failed(1, 'setSecret')] })).toBe(true);
  expect(setSecretBegun(CURRENT, { evidence: [failed(1, 'setSecret')] })).toBe(false);
  expect(
    setSecretBegun(PENDING, { evidence: [anEvidence('rotation-started', 1, { step: 'setSecret' })] }),
  ).toBe(false);
});

test('isSplit holds after setSecret unless users alternate', () => {
  const given = facts({ pending, evidence: [failed(1, 'testSecret')] });
  expect(isSplit(given)).toBe(true);
  expect(isSplit({ ...given, policy: aPolicy({ strategy: 'alternating-users' }) })).toBe(false);
  expect(isSplit(facts({ pending, evidence: [failed(1, 'setSecret')] }))).toBe(false);
});

test('what a version has reached stays, whatever step fails later and whatever is forgotten', () => {
  const evidence = [failed(9, 'testSecret'), failed(5, 'setSecret')];
  const given = facts({ pending, evidence });
  expect(isSplit(given)).toBe(true);
  expect(failedWhere(given)).toBe('last failed at setSecret after it had reached testSecret');
  const forgotten = facts({ pending, progress: allProgress({ evidence }), evidence: evidence.slice(1) });
  expect(isSplit(forgotten)).toBe(true);
  expect(failedWhere(forgotten)).toBe('last failed at setSecret after it had reached testSecret');
});

test('a success after the last failure proves the version good, one before it does not', () => {
  const succeeded = (agoMs: number) => anEvidence('rotation-succeeded', agoMs);
  expect(isSplit(facts({ pending, evidence: [failed(9, 'testSecret'), succeeded(8)] }))).toBe(false);
  expect(isSplit(facts({ pending, evidence: [succeeded(9), failed(8, 'testSecret')] }))).toBe(true);
});

test('isUnderWay holds up to the threshold and not a millisecond longer', () => {
  expect(isUnderWay(facts({ pending: aPending(60 * MINUTE) }), NOW)).toBe(true);
  expect(isUnderWay(facts({ pending: aPending(60 * MINUTE + 1) }), NOW)).toBe(false);
  expect(isUnderWay(facts(), NOW)).toBe(false);
});

test('lastAttemptAt is the latest attempt, at least the start', () => {
  const latest = failed(MINUTE, 'setSecret');
  expect(lastAttemptAt(facts({ evidence: [failed(2 * MINUTE, 'setSecret'), latest] }), pending)).toBe(
    pending.since,
  );
  const given = facts({ pending, evidence: [failed(2 * MINUTE, 'setSecret'), latest] });
  expect(lastAttemptAt(given, pending)).toBe(latest.at);
});

test('a value of which no event names the version does not count as put into the pending one', () => {
  const { versionId: _, ...put } = anEvidence('secret-changed', MINUTE, { operation: 'PutSecretValue' });
  const filled = (fact: Evidence) =>
    pendingProgress({ pending, evidence: [failed(HOUR / 2, 'setSecret'), fact] })?.isFilled;
  expect(filled(put)).toBeUndefined();
  expect(filled({ ...put, versionId: PENDING })).toBe(true);
});
