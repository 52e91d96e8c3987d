import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  type PolicyDefaults,
  policyFaults,
  policyFor,
} from '../../../../../src/monitor/domain/secret/policy.ts';
import type { RotationRules, Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { aSecret, at } from '../../../../support/builders.ts';

const defaults: PolicyDefaults = {
  stuckAfterMs: 60 * MINUTE,
  managedStuckAfterMs: 15 * MINUTE,
  overdueGraceMs: 15 * MINUTE,
  failedGraceMs: 14 * MINUTE,
  splitGraceMs: 2 * MINUTE,
  replicationAfterMs: HOUR,
  expectedWriters: [],
  confirmAfterMs: 15 * MINUTE,
  alternatingUsers: ['prod/orders', 'prod/shop/*'],
  owners: ['payments', 'platform'],
};

const tagged = (tags: Readonly<Record<string, string>>, given: Partial<Secret> = {}) =>
  aSecret({
    ...given,
    tags: Object.fromEntries(Object.entries(tags).map(([key, value]) => [`rotation-monitor:${key}`, value])),
  });

const policy = (tags: Readonly<Record<string, string>>, given: Partial<Secret> = {}) =>
  policyFor(tagged(tags, given), defaults);

const rules = (given: Partial<RotationRules>): Partial<Secret> => ({
  rotationRules: {
    automaticallyAfterDays: undefined,
    scheduleExpression: undefined,
    duration: undefined,
    ...given,
  },
});

test('policyFor takes the settings where no tag speaks', () => {
  expect(policy({})).toEqual({
    stuckAfterMs: 60 * MINUTE,
    overdueGraceMs: 15 * MINUTE,
    failedGraceMs: 14 * MINUTE,
    splitGraceMs: 2 * MINUTE,
    replicationAfterMs: HOUR,
    confirmAfterMs: 15 * MINUTE,
    strategy: 'unknown',
    strategyIsSet: false,
    owner: undefined,
  });
});

test('policyFor expects a managed rotation to be quicker', () => {
  expect(policy({}, { rotationFunctionArn: undefined, owningService: 'rds' }).stuckAfterMs).toBe(15 * MINUTE);
});

test('policyFor takes tags over settings', () => {
  expect(
    policy({
      'stuck-after': '30m',
      grace: '2h',
      'replication-after': '3h',
      'confirm-after': '5m',
      strategy: 'alternating-users',
      owner: ' payments ',
    }),
  ).toMatchObject({
    stuckAfterMs: 30 * MINUTE,
    overdueGraceMs: 2 * HOUR,
    replicationAfterMs: 3 * HOUR,
    confirmAfterMs: 5 * MINUTE,
    strategy: 'alternating-users',
    owner: 'payments',
  });
});

test.each<[string, Partial<Secret>, number]>([
  ['its duration', rules({ scheduleExpression: 'rate(10 days)', duration: '3h' }), 3 * HOUR],
  ['one hour for a schedule in hours', rules({ scheduleExpression: 'rate(12 hours)' }), HOUR],
  [
    'the rest of the day for a schedule in days',
    rules({ scheduleExpression: 'cron(0 20 1 * ? *)' }),
    4 * HOUR,
  ],
  ['the day for a number of days', rules({ automaticallyAfterDays: 30 }), 24 * HOUR],
  ['nothing for an unreadable schedule', rules({ scheduleExpression: 'often' }), 48 * HOUR],
  ['nothing without rules', { rotationRules: undefined }, 48 * HOUR],
])('policyFor bounds the threshold by the window: %s', (_case, given, expected) => {
  expect(policy({ 'stuck-after': '48h' }, given).stuckAfterMs).toBe(expected);
});

test.each([
  ['stuck-after', 'soon'],
  ['stuck-after', '59s'],
  ['stuck-after', '8d'],
  ['grace', '0m'],
  ['replication-after', '30s'],
  ['confirm-after', '8d'],
  ['strategy', 'unknown'],
  ['owner', 'https://example.com/hook'],
])('policyFor ignores %s=%s, and policyFaults reports it', (key, value) => {
  expect(policy({ [key]: value })).toEqual(policy({}));
  expect(policyFaults(tagged({ [key]: value }), defaults)).toEqual([
    { tag: `rotation-monitor:${key}`, expected: expect.any(String) },
  ]);
});

test('policyFaults reports nothing about tags that are understood or not ours', () => {
  expect(policyFaults(tagged({ grace: '1m', owner: 'platform', 'stuck-after': '7d' }), defaults)).toEqual([]);
  expect(policyFaults(aSecret({ tags: { owner: 'anybody' } }), defaults)).toEqual([]);
});

test('no tag reaches outside what the settings allow', () => {
  const tags = fc.record({
    'stuck-after': fc.string(),
    grace: fc.string(),
    strategy: fc.string(),
    owner: fc.string(),
  });
  fc.assert(
    fc.property(tags, (given) => {
      const { stuckAfterMs, overdueGraceMs, owner } = policy(given);
      expect(stuckAfterMs).toBeGreaterThanOrEqual(MINUTE);
      expect(stuckAfterMs).toBeLessThanOrEqual(24 * HOUR);
      expect(overdueGraceMs).toBeLessThanOrEqual(7 * 24 * HOUR);
      expect([undefined, ...defaults.owners]).toContain(owner);
    }),
  );
});

test.each<[string, Partial<Secret>, Readonly<Record<string, string>>, string, boolean]>([
  ['a name', { name: 'prod/orders' }, {}, 'alternating-users', true],
  ['the beginning of a name', { name: 'prod/shop/db' }, {}, 'alternating-users', true],
  ['a name that goes on', { name: 'prod/orders2' }, {}, 'unknown', false],
  ['a beginning that stands further on', { name: 'nonprod/shop/db' }, {}, 'unknown', false],
  ['no name, but a tag', { name: 'x' }, { strategy: 'alternating-users' }, 'alternating-users', false],
  [
    'a name, and a tag that says otherwise',
    { name: 'prod/orders' },
    { strategy: 'single-user' },
    'single-user',
    true,
  ],
])('the settings say whose users alternate by %s', (_case, given, tags, strategy, strategyIsSet) => {
  expect(policy(tags, given)).toMatchObject({ strategy, strategyIsSet });
});

test('a silence lasts until the end of the day that it names, in UTC, and no longer', () => {
  const given = { 'silence-until': '2026-12-31', 'silence-reason': 'migration' };
  expect(policy(given).silence).toEqual({ until: at('2027-01-01T00:00:00Z'), reason: 'migration' });
});

test('the policy of a secret follows the settings it is asked for by, each time', () => {
  const secret = tagged({ 'stuck-after': '30m' });
  const patient = { ...defaults, overdueGraceMs: HOUR };
  expect(policyFor(secret, defaults)).toMatchObject({ overdueGraceMs: 15 * MINUTE });
  expect(policyFor(secret, patient)).toMatchObject({ overdueGraceMs: HOUR, stuckAfterMs: 30 * MINUTE });
  expect(policyFor(secret, defaults)).toMatchObject({ overdueGraceMs: 15 * MINUTE });
});
