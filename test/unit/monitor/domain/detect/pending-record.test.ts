import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  isSplit,
  isUnderWay,
  lastAttemptAt,
  recordedStep,
  recordOf,
  setSecretBegun,
} from '../../../../../src/monitor/domain/detect/pending-record.ts';
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
  expect(setSecretBegun(PENDING, [failed(1, 'setSecret')])).toBe(true);
  expect(setSecretBegun(CURRENT, [failed(1, 'setSecret')])).toBe(false);
  expect(setSecretBegun(PENDING, [anEvidence('rotation-started', 1, { step: 'setSecret' })])).toBe(false);
});

test('isSplit holds after setSecret unless users alternate', () => {
  const given = facts({ pending, evidence: [failed(1, 'testSecret')] });
  expect(isSplit(given)).toBe(true);
  expect(isSplit({ ...given, policy: aPolicy({ strategy: 'alternating-users' }) })).toBe(false);
  expect(isSplit(facts({ pending, evidence: [failed(1, 'setSecret')] }))).toBe(false);
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
