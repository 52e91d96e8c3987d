import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, later } from '../../../../../src/calendar/instant.ts';
import { inspectionOf } from '../../../../../src/monitor/adapters/dynamodb/dynamodb-alert-store.ts';
import { groupOf } from '../../../../../src/monitor/adapters/dynamodb/group-records.ts';
import {
  type Item,
  stateItem,
  stateOf,
  sweepOf,
  targetOf,
} from '../../../../../src/monitor/adapters/dynamodb/state-item.ts';
import {
  freshState,
  freshTarget,
  type SecretState,
} from '../../../../../src/monitor/domain/state/secret-state.ts';
import { freshSweepRecord } from '../../../../../src/monitor/domain/sweep/sweep-result.ts';
import { aNotification } from '../../../../support/alerts.ts';
import { anEvidence, NOW, PENDING } from '../../../../support/builders.ts';
import { named } from '../../../../support/secrets.ts';
import { TARGET } from '../../../../support/service.ts';

const ARN = named('prod/db').arn;
const FACTS = [
  anEvidence('rotation-started', 2000),
  anEvidence('rotation-failed', 1000, { step: 'setSecret' }),
];
const STATE: SecretState = {
  ...freshState(ARN, 'prod/db', TARGET),
  revision: 7,
  pending: { versionId: PENDING, firstSeenAt: NOW, createdAt: undefined },
  evidence: FACTS,
  outbox: [aNotification(), aNotification({ id: 'second' })],
};
const item = (state: unknown, given: Item = {}): Item => ({
  ...stateItem(STATE),
  body: { S: JSON.stringify(state) },
  ...given,
});
const read = (given: Readonly<Record<string, unknown>>) => stateOf(item({ ...STATE, ...given }));

test('a state is read as it was written', () => {
  expect(stateOf(item(STATE))).toEqual(STATE);
});

test('what cannot be read of a list takes none of the rest along', () => {
  expect(read({ evidence: [FACTS[0], { id: 7 }, 'x', null, FACTS[1]] })?.evidence).toEqual(FACTS);
  const [first, second] = STATE.outbox;
  expect(read({ outbox: [{ ...first, severity: 'DREADFUL' }, second] })?.outbox).toEqual([second]);
  expect(
    read({ outbox: [{ ...first, finding: { ...first?.finding, advice: 'curl' } }, second] })?.outbox,
  ).toEqual([second]);
});

test.each([
  'pending',
  'evidence',
  'alerts',
  'outbox',
  'confirmed',
  'trouble',
  'replicas',
  'previousUse',
  'progress',
])('a state whose %s cannot be read keeps the rest', (field) => {
  const state = read({ [field]: { what: 'is this' } });
  const fresh = freshState(ARN, 'prod/db', TARGET);
  expect(state).toEqual({ ...STATE, [field]: Reflect.get(fresh, field) });
});

test.each<[string, Item]>([
  ['no body', item(STATE, { body: { N: '1' } })],
  ['a body that is no JSON', item(STATE, { body: { S: '{"secret' } })],
  ['a body that is no state', item([STATE])],
  ['a body about another secret', item({ ...STATE, subject: named('prod/other').arn })],
  ['no account', item({ ...STATE, account: 1 })],
])('an item with %s is no state', (_case, poisoned) => {
  expect(stateOf(poisoned)).toBeUndefined();
});

test('the revision is that of the item, which conditions look at', () => {
  expect(stateOf(item({ ...STATE, revision: 99 }))?.revision).toBe(7);
  for (const revision of [{ S: '7' }, { N: '0' }])
    expect(stateOf(item(STATE, { revision }))?.revision).toBeNaN();
});

test('a record of a target that cannot be read is as if it had never been swept', () => {
  const poisoned = { ...freshTarget(TARGET), baselineAt: 'never', health: [{}], units: { a: ['1'], b: 7 } };
  const { record, isRead } = targetOf(
    { body: { S: JSON.stringify(poisoned) }, revision: { N: '3' } },
    TARGET,
  );
  expect(isRead).toBe(true);
  expect(record).toMatchObject({ revision: 3, health: [], units: { a: ['1'] } });
  expect(record.baselineAt).toBeUndefined();
  expect(targetOf({ body: { S: 'x' }, revision: { N: '3' } }, TARGET)).toEqual({
    isRead: false,
    record: { ...freshTarget(TARGET), revision: 3 },
  });
});

test('what has not happened yet cannot be read, and takes none of the rest along', () => {
  const soon = later(NOW, DAY);
  const never = later(NOW, DAY + 1);
  const [first, second] = FACTS;
  const confirmed = { at: never, digest: 'x' };
  const stored = item({ ...STATE, evidence: [first, { ...second, at: never }], confirmed });
  expect(stateOf(stored, { now: NOW })).toEqual({ ...STATE, evidence: [first], confirmed: undefined });
  expect(stateOf(stored)?.confirmed).toEqual(confirmed);
  const target = { ...freshTarget(TARGET), baselineAt: never, eventSeenAt: soon };
  expect(targetOf({ body: { S: JSON.stringify(target) } }, TARGET, { now: NOW }).record).toMatchObject({
    eventSeenAt: soon,
  });
  const refusals = [{ group: '*', reason: 'denied', at: never }];
  const refused = { ...freshTarget(TARGET), refusals };
  expect(targetOf({ body: { S: JSON.stringify(refused) } }, TARGET, { now: NOW }).record.refusals).toEqual(
    [],
  );
  const sweep = { ...freshSweepRecord(TARGET), handOver: { startedAt: never, hop: 1 } };
  expect(sweepOf({ body: { S: JSON.stringify(sweep) } }, { now: NOW })).toEqual(freshSweepRecord(TARGET));
});

test('each part that is left out is reported, and none that is not there', () => {
  let dropped = 0;
  const onDropped = (): void => {
    dropped += 1;
  };
  const { trouble: _trouble, absences: _absences, replicas: _replicas, ...older } = STATE;
  expect(stateOf(item(older), { onDropped })).toEqual(STATE);
  expect(dropped).toBe(0);
  stateOf(item({ ...STATE, evidence: [FACTS[0], 'x'], confirmed: 7 }), { onDropped });
  expect(dropped).toBe(2);
});

test('a word of a group that cannot be read takes no other along', () => {
  const soon = later(NOW, 1).toString(36);
  const members = `a.3${soon} b.9${soon} c.3${later(NOW, 2 * DAY).toString(36)} d`;
  const body = JSON.stringify({ key: 'k', members, ended: '', peak: 1 });
  expect(groupOf({ body: { S: body } }, [], { now: NOW })?.members).toEqual({
    a: { severity: 'HIGH', at: later(NOW, 1) },
  });
});

test('whatever is stored, reading it fails for nobody and quotes nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (body) => {
      const stored: Item = { pk: { S: ARN }, body: { S: body } };
      for (const reading of [stateOf, sweepOf, inspectionOf, (each: Item) => groupOf(each, [])])
        expect(() => reading(stored)).not.toThrow();
      expect(() => targetOf(stored, TARGET)).not.toThrow();
    }),
  );
});
