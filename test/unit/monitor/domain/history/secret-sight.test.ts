import { expect, test } from 'vitest';
import { later, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  changesBetween,
  isSameSight,
  sightOf,
} from '../../../../../src/monitor/domain/history/secret-sight.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { aSecret, NOW } from '../../../../support/builders.ts';

const BETWEEN = { notBefore: later(NOW, -5 * MINUTE), at: NOW };
const changes = (before: Partial<Secret>, after: Partial<Secret>) =>
  changesBetween(sightOf(aSecret(before), NOW), sightOf(aSecret(after), NOW), BETWEEN).map(
    ({ at: _at, notBefore: _notBefore, ...rest }) => rest,
  );

test('two looks at the same secret show no change', () => {
  expect(changes({}, {})).toEqual([]);
  expect(isSameSight(sightOf(aSecret(), NOW), sightOf(aSecret(), later(NOW, MINUTE)))).toBe(true);
});

test('each change says between which looks it happened', () => {
  const [change] = changesBetween(
    sightOf(aSecret(), NOW),
    sightOf(aSecret({ rotationEnabled: false }), NOW),
    BETWEEN,
  );
  expect(change).toEqual({ kind: 'rotation-off', ...BETWEEN });
});

test('schedule, rotation, owner and silence are compared', () => {
  const rules = { automaticallyAfterDays: 7, scheduleExpression: 'rate(7 days)', duration: '3h' };
  const tags = {
    'rotation-monitor:owner': 'payments',
    'rotation-monitor:silence-until': '2026-12-31',
    'rotation-monitor:silence-reason': 'moves next week',
  };
  expect(changes({ rotationEnabled: undefined }, { rotationRules: rules, tags })).toEqual([
    { kind: 'rotation-on' },
    { kind: 'schedule-changed', before: 'rate(30 days)', after: 'rate(7 days), window 3h' },
    { kind: 'owner-changed', before: undefined, after: 'payments' },
    { kind: 'silenced', before: undefined, after: '2026-12-31: moves next week' },
  ]);
  expect(changes({ tags }, {})).toEqual([
    { kind: 'owner-changed', before: 'payments', after: undefined },
    { kind: 'silence-ended', before: '2026-12-31: moves next week', after: undefined },
  ]);
});

test('a rotation makes another sight and is no change of this history', () => {
  const rotated = { lastRotatedAt: NOW };
  expect(changes({}, rotated)).toEqual([]);
  expect(isSameSight(sightOf(aSecret(), NOW), sightOf(aSecret(rotated), NOW))).toBe(false);
});

test('a secret that is listed again was restored', () => {
  expect(changes({ deletedAt: NOW }, {})).toEqual([{ kind: 'restored' }]);
});

test('text from outside is one bounded line', () => {
  const { owner } = sightOf(aSecret({ tags: { 'rotation-monitor:owner': `a\nb${'x'.repeat(999)}` } }), NOW);
  expect(owner).toHaveLength(256);
  expect(owner).toMatch(/^a bx+…$/);
});
