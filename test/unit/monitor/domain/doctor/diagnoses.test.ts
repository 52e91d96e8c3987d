import { describe, expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import {
  auditAgeDiagnoses,
  eventAgeDiagnosis,
  memberDiagnosis,
  sweepAgeDiagnosis,
} from '../../../../../src/monitor/domain/doctor/ages.ts';
import type { DeployedTopic } from '../../../../../src/monitor/domain/doctor/deployed.ts';
import {
  concurrencyDiagnosis,
  runtimeDiagnosis,
} from '../../../../../src/monitor/domain/doctor/functions.ts';
import { smsDiagnoses } from '../../../../../src/monitor/domain/doctor/topics.ts';
import { NOW } from '../../../../support/builders.ts';

const NAME = { name: 'rotation-monitor' };
const at = (ageMs: number, value = 1) => ({ at: later(NOW, -ageMs), value });

test('members that are not swept fail, and that nobody reported is not known', () => {
  expect([memberDiagnosis(at(0, 0)), memberDiagnosis(at(0, 2)), memberDiagnosis(undefined)]).toMatchObject([
    { health: 'ok' },
    { health: 'fail', what: 'Accounts and regions that are not swept: 2.' },
    { health: 'unknown' },
  ]);
});

const topic = (protocol: string): DeployedTopic => ({
  arn: 'arn:aws:sns:eu-west-1:111122223333:alerts',
  subscriptions: [{ protocol, endpoint: 'x', isConfirmed: true, filterPolicy: undefined }],
  policy: undefined,
  keyId: undefined,
});

test('the SMS sandbox matters where somebody gets text messages', () => {
  expect(smsDiagnoses([topic('email')], true)).toEqual([]);
  expect(smsDiagnoses([topic('sms')], true)).toMatchObject([{ health: 'warn' }]);
  expect(smsDiagnoses([topic('sms')], false)).toMatchObject([{ health: 'ok' }]);
});

test.each([
  [14 * MINUTE, 'ok'],
  [26 * MINUTE, 'fail'],
])('a sweep of %d ms ago is %s where one is made every five minutes', (age, health) => {
  expect(sweepAgeDiagnosis({ ...NAME, sweepIntervalMs: 5 * MINUTE }, at(age), NOW)).toMatchObject({ health });
});

test('no sweep at all fails', () => {
  expect(sweepAgeDiagnosis({ ...NAME, sweepIntervalMs: HOUR }, undefined, NOW)).toMatchObject({
    health: 'fail',
  });
});

test.each([
  ['the canary was heard of', true, at(HOUR), undefined, 'ok'],
  ['the canary is silent', true, at(6 * HOUR), undefined, 'fail'],
  ['nothing was ever heard of', true, undefined, undefined, 'fail'],
  ['nothing happened, and nothing was missed', false, undefined, at(HOUR, 0), 'ok'],
  ['a rotation was missed', false, at(HOUR), at(HOUR, 3), 'fail'],
])('%s', (_what, hasCanary, received, missed, health) => {
  expect(eventAgeDiagnosis({ ...NAME, hasCanary }, { received, missed }, NOW)).toMatchObject({ health });
});

test('a runtime is worth a word before and after its end', () => {
  const healthOf = (runtime: string | undefined) => runtimeDiagnosis('f', runtime, NOW).health;
  expect(['python3.13', 'python3.9', undefined].map(healthOf)).toEqual(['ok', 'warn', 'ok']);
  expect(runtimeDiagnosis('f', 'nodejs22.x', later(NOW, 90 * 24 * HOUR))).toMatchObject({
    health: 'warn',
    what: 'Support of nodejs22.x ends on 2027-04-30.',
  });
});

test('little concurrency is reported with what is left of it', () => {
  expect(concurrencyDiagnosis({ limit: 1_000, unreserved: 900 }).health).toBe('ok');
  expect(concurrencyDiagnosis({ limit: 100, unreserved: 20 })).toMatchObject({
    health: 'warn',
    what: 'Functions that reserve nothing share 20 of 100 executions at a time.',
  });
});

describe('the age of the last audit', () => {
  const weekly = { ...NAME, auditEveryMs: 7 * DAY };

  test.each([
    [7 * DAY, 'ok'],
    [8 * DAY, 'ok'],
    [8 * DAY + HOUR, 'fail'],
  ])('of %s ms, an hour after a sweep has reported it, is %s', (age, health) => {
    const reported = { at: later(NOW, -HOUR), value: (age - HOUR) / SECOND };
    expect(auditAgeDiagnoses(weekly, reported, NOW)).toMatchObject([{ check: 'last-audit', health }]);
  });

  test('is no fault before the first sweep of a day, and no matter where no audit is scheduled', () => {
    expect(auditAgeDiagnoses(weekly, undefined, NOW)).toMatchObject([{ health: 'ok' }]);
    expect(auditAgeDiagnoses({ ...NAME, auditEveryMs: undefined }, at(0, 0), NOW)).toEqual([]);
  });
});
