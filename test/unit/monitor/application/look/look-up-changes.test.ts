import { expect, test } from 'vitest';
import { DAY, HOUR, later } from '../../../../../src/calendar/instant.ts';
import { memoryEventHistory } from '../../../../../src/monitor/adapters/memory/memory-event-history.ts';
import { changeLookUp } from '../../../../../src/monitor/application/look/look-up-changes.ts';
import { EventHistoryError } from '../../../../../src/monitor/ports/look/event-history.ts';
import { aSecret, NOW } from '../../../../support/builders.ts';
import { aCall, FUNCTION } from '../../../../support/inspections.ts';
import { named } from '../../../../support/secrets.ts';

const span = { from: later(NOW, -DAY), until: NOW };
const secret = aSecret();
const NOTHING = { changes: undefined, changesSeenFrom: undefined };

test('what happened to the function, its role and the secret is reported together', async () => {
  const history = memoryEventHistory();
  history.addCall(aCall({ id: '1' }), [FUNCTION]);
  const given = { source: 'iam.amazonaws.com', operation: 'DetachRolePolicy' };
  history.addCall(aCall({ id: '2', ...given }), ['rotator']);
  history.addCall(aCall({ id: '3', source: 'secretsmanager.amazonaws.com', operation: 'UpdateSecret' }), [
    secret.name,
  ]);
  const { changes, changesUnseen } = await changeLookUp(history)({ secret, roleName: 'rotator', span });
  expect(changes?.map(({ what }) => what)).toEqual([
    'changed the code of the rotation function',
    'detached a policy from the role rotator of the rotation function',
    'updated the secret prod/orders/db',
  ]);
  expect(changesUnseen).toBeUndefined();
});

test('that nothing changed is an answer, too', async () => {
  const { changes } = await changeLookUp(memoryEventHistory())({ secret, roleName: undefined, span });
  expect(changes).toEqual([]);
});

test('a run asks twenty questions at most, and leaves the rest out', async () => {
  const history = memoryEventHistory();
  const lookUp = changeLookUp(history);
  const ask = (name: string) => lookUp({ secret: named(name), roleName: 'rotator', span });
  const answers = [await ask('a'), await ask('b'), await ask('c'), await ask('d'), await ask('e')];
  expect(history.asked).toHaveLength(20);
  expect(answers.map(({ changes }) => changes !== undefined)).toEqual([true, true, true, true, false]);
});

const policy = aCall({
  id: 'policy',
  at: later(NOW, -2 * HOUR),
  source: 'secretsmanager.amazonaws.com',
  operation: 'PutResourcePolicy',
});

test.each([49, 51, 100])('a change behind %i reads of the secret is seen', async (reads) => {
  const history = memoryEventHistory();
  history.addCall(policy, [secret.arn]);
  history.addReads(reads, later(NOW, -HOUR), [secret.arn]);
  const { changes, changesSeenFrom } = await changeLookUp(history)({ secret, roleName: undefined, span });
  expect(changes?.map(({ what }) => what)).toEqual([
    'changed the resource policy of the secret prod/orders/db',
  ]);
  expect(changesSeenFrom).toBeUndefined();
});

test('where reads are too many, it is said how far was seen, after ten questions', async () => {
  const history = memoryEventHistory();
  history.addCall(policy, [secret.arn]);
  history.addReads(2000, later(NOW, -HOUR), [secret.arn]);
  const { changes, changesSeenFrom } = await changeLookUp(history)({ secret, roleName: undefined, span });
  expect(changes).toEqual([]);
  expect(changesSeenFrom).toBe(later(NOW, -HOUR));
  expect(history.asked).toHaveLength(10);
});

test('a refusal is reported and ends the asking', async () => {
  let asked = 0;
  const refusing = {
    ...memoryEventHistory(),
    callsOn: async (): Promise<never> => {
      asked += 1;
      throw new EventHistoryError('Cannot look up', { reason: 'throttled', retryable: true });
    },
  };
  const lookUp = changeLookUp(refusing);
  const unseen = { permission: 'cloudtrail:LookupEvents', reason: 'throttled' };
  const request = { secret, roleName: undefined, span };
  expect(await lookUp(request)).toEqual({ ...NOTHING, changesUnseen: unseen });
  expect(await lookUp(request)).toEqual({ ...NOTHING, changesUnseen: unseen });
  expect(asked).toBe(1);
});

test('what nobody can search for is named: a role that is not known, and a key known by its alias', async () => {
  const asked = (kmsKeyId: string | undefined, roleName: string | undefined) =>
    changeLookUp(memoryEventHistory())({ secret: aSecret({ kmsKeyId }), roleName, span });
  const alias = 'arn:aws:kms:eu-west-1:111122223333:alias/orders';
  expect((await asked(alias, 'rotator')).changesUnsought).toEqual(['the KMS key of the secret']);
  expect((await asked(undefined, undefined)).changesUnsought).toEqual(['the role of the rotation function']);
  const gone = { secret, roleName: undefined, isFunctionGone: true, span };
  expect((await changeLookUp(memoryEventHistory())(gone)).changesUnsought).toBeUndefined();
  expect((await asked('1234abcd-12ab-34cd-56ef-1234567890ab', 'rotator')).changesUnsought).toBeUndefined();
});

test('calls on the secret that had its name before are no changes of it', async () => {
  const history = memoryEventHistory();
  const given = { source: 'secretsmanager.amazonaws.com', operation: 'PutSecretValue' };
  history.addCall(aCall({ id: 'old', at: later(NOW, -3 * HOUR), ...given }), [secret.name]);
  history.addCall(aCall({ id: 'new', at: later(NOW, -HOUR), ...given }), [secret.name]);
  history.addCall(aCall({ id: 'code', at: later(NOW, -3 * HOUR) }), [FUNCTION]);
  const made = aSecret({ createdAt: later(NOW, -2 * HOUR) });
  const { changes } = await changeLookUp(history)({ secret: made, roleName: 'rotator', span });
  expect(changes?.map(({ at }) => at)).toEqual([later(NOW, -3 * HOUR), later(NOW, -HOUR)]);
  expect(changes?.[0]?.what).toContain('the rotation function');
});
