import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  accepted,
  type CurrentLook,
  type CurrentSight,
  currentSight,
} from '../../../../../src/monitor/domain/rotation/current-sight.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { anEvidence, aSecret, CURRENT, NOW, PENDING, PREVIOUS } from '../../../../support/builders.ts';

const OTHER = 'terraform-20260122045848689200000001';
const FUNCTION = 'arn:aws:sts::111122223333:assumed-role/rotate-role/rotate-orders-db';
const ALEX = 'arn:aws:iam::111122223333:user/alex';

type Given = Partial<Omit<CurrentLook, 'secret'>> & { readonly secret?: Partial<Secret> };

/** A look at a secret with a version in use and one before it. */
const look = (inUse: string, given: Given = {}): CurrentLook => ({
  now: NOW,
  evidence: [],
  pendingBefore: undefined,
  expectedWriters: [],
  ...given,
  secret: aSecret({ versionStages: { [inUse]: ['AWSCURRENT'] }, ...given.secret }),
});
const known: CurrentSight = {
  versionId: CURRENT,
  seenAt: later(NOW, -24 * HOUR),
  rotated: CURRENT,
  earlier: [PREVIOUS],
};
const put = (given: Partial<Evidence> = {}): Evidence =>
  anEvidence('secret-changed', MINUTE, {
    operation: 'PutSecretValue',
    versionId: OTHER,
    makesCurrent: true,
    actor: ALEX,
    ...given,
  });

test('first sight is silent and remembers the version before', () => {
  const seen = currentSight(
    undefined,
    look(CURRENT, { secret: { versionStages: { [CURRENT]: ['AWSCURRENT'], [PREVIOUS]: ['AWSPREVIOUS'] } } }),
  );
  expect(seen).toEqual({ versionId: CURRENT, seenAt: NOW, rotated: CURRENT, earlier: [PREVIOUS] });
});

test('a look that shows the same version changes nothing', () => {
  expect(currentSight(known, look(CURRENT))).toBe(known);
});

test.each<[string, Given]>([
  ['was pending before', { pendingBefore: OTHER }],
  ['still carries AWSPENDING', { secret: { versionStages: { [OTHER]: ['AWSCURRENT', 'AWSPENDING'] } } }],
  ['is named by RotationStarted', { evidence: [anEvidence('rotation-started', HOUR, { versionId: OTHER })] }],
  [
    'is named by RotationSucceeded',
    { evidence: [anEvidence('rotation-succeeded', 1, { versionId: OTHER })] },
  ],
  ['is named by RotateSecret', { evidence: [put({ operation: 'RotateSecret', makesCurrent: false })] }],
  ['was put as AWSPENDING', { evidence: [put({ makesCurrent: false, makesPending: true })] }],
  ['had been given up', { progress: [{ versionId: OTHER, failures: 1 }] }],
  [
    'was moved by the rotation function',
    { evidence: [put({ operation: 'UpdateSecretVersionStage', actor: FUNCTION })] },
  ],
  ['came with a later LastRotatedDate', { secret: { lastRotatedAt: later(NOW, -MINUTE) } }],
])('a move is the rotation’s own when the version %s', (_case, given) => {
  expect(currentSight(known, look(OTHER, given))).toEqual({
    versionId: OTHER,
    seenAt: NOW,
    rotated: OTHER,
    earlier: [CURRENT, PREVIOUS],
  });
});

test('any other move is remembered with who made it', () => {
  const replaced = { kind: 'replaced', from: CURRENT, to: OTHER, seenAt: NOW };
  expect(currentSight(known, look(OTHER))?.outside).toEqual(replaced);
  const evidence = [put()];
  expect(currentSight(known, look(OTHER, { evidence }))?.outside).toEqual({
    ...replaced,
    by: { at: later(NOW, -MINUTE), actor: ALEX },
  });
});

test('a value that is put in use under the name of the function is replaced all the same', () => {
  const secret = { lastRotatedAt: later(NOW, -MINUTE) };
  const seen = currentSight(known, look(OTHER, { secret, evidence: [put({ actor: FUNCTION })] }));
  expect(seen?.outside).toMatchObject({ kind: 'replaced', by: { actor: FUNCTION } });
});

test('an update that names no version is whom a replaced value is put down to', () => {
  const { versionId: _, ...update } = put({ operation: 'UpdateSecret' });
  expect(currentSight(known, look(OTHER, { evidence: [update] }))?.outside?.by?.actor).toBe(ALEX);
});

test('a value that was put under a label of its own and moved into use by hand is replaced', () => {
  const evidence = [
    put({ id: 'put', makesCurrent: false }),
    put({ id: 'move', operation: 'UpdateSecretVersionStage' }),
  ];
  const seen = currentSight(known, look(OTHER, { evidence }));
  expect(seen?.outside).toMatchObject({ kind: 'replaced', by: { actor: ALEX } });
});

test('LastRotatedDate proves nothing where an event reports a value put at that very moment', () => {
  const secret = { lastRotatedAt: later(NOW, -MINUTE) };
  expect(currentSight(known, look(OTHER, { secret, evidence: [put()] }))?.outside?.kind).toBe('replaced');
});

test('a version that was in use before is moved back to, whatever the dates say', () => {
  const secret = { lastRotatedAt: later(NOW, -MINUTE) };
  expect(currentSight(known, look(PREVIOUS, { secret }))?.outside?.kind).toBe('moved-back');
});

test('back on the version of the last rotation all is well again', () => {
  const replaced = currentSight(known, look(OTHER));
  expect(currentSight(replaced, look(CURRENT))).toMatchObject({ versionId: CURRENT, rotated: CURRENT });
  expect(currentSight(replaced, look(CURRENT))?.outside).toBeUndefined();
});

test('a further move updates the first, and a rotation ends it', () => {
  const first = currentSight(known, look(OTHER));
  const later1 = look(PENDING, { now: later(NOW, HOUR) });
  const second = currentSight(first, later1);
  expect(second?.outside).toEqual({ kind: 'replaced', from: CURRENT, to: PENDING, seenAt: NOW });
  const back = currentSight(second, look(OTHER));
  expect(back?.outside?.kind).toBe('moved-back');
  const rotated = currentSight(back, look('x'.repeat(32), { pendingBefore: 'x'.repeat(32) }));
  expect(rotated?.outside).toBeUndefined();
});

test('an event that comes late shows that a rotation did it, or one who may', () => {
  const replaced = currentSight(known, look(OTHER));
  const late = { evidence: [anEvidence('rotation-succeeded', MINUTE, { versionId: OTHER })] };
  expect(currentSight(replaced, look(OTHER, late))?.outside).toBeUndefined();
  const may = { evidence: [put()], expectedWriters: [ALEX] };
  expect(currentSight(replaced, look(OTHER, may))?.outside).toBeUndefined();
});

test.each([
  ['an ARN', ALEX, ALEX],
  ['the beginning of one', 'arn:aws:iam::111122223333:user/*', ALEX],
  [
    'a role',
    'arn:aws:iam::111122223333:role/team/writer',
    'arn:aws:sts::111122223333:assumed-role/writer/deployment-7',
  ],
])('the writers of the settings are expected: %s', (_case, writer, actor) => {
  const given = { evidence: [put({ actor })], expectedWriters: [writer] };
  expect(currentSight(known, look(OTHER, given))?.outside).toBeUndefined();
  const elsewhere = { evidence: [put({ actor: actor.replaceAll('111122223333', '444455556666') })] };
  expect(currentSight(known, look(OTHER, { ...given, ...elsewhere }))?.outside).toBeDefined();
});

test.each<[string, Given]>([
  ['before the first rotation', { secret: { lastRotatedAt: undefined } }],
  ['where a service owns the secret', { secret: { owningService: 'rds' } }],
  ['while rotation is off', { secret: { rotationEnabled: false } }],
  ['when CloudFormation attaches the secret', { evidence: [put({ via: 'cloudformation.amazonaws.com' })] }],
])('a move is silent %s', (_case, given) => {
  expect(currentSight(known, look(OTHER, given))).toMatchObject({ versionId: OTHER, rotated: OTHER });
  expect(currentSight(known, look(OTHER, given))?.outside).toBeUndefined();
});

test('a template that overwrites the value through CloudFormation is no attachment', () => {
  const evidence = [put({ operation: 'UpdateSecret', via: 'cloudformation.amazonaws.com' })];
  expect(currentSight(known, look(OTHER, { evidence }))?.outside?.kind).toBe('replaced');
});

test('what a person accepts is in use as if a rotation had put it there', () => {
  const replaced = currentSight(known, look(OTHER));
  expect(replaced && accepted(replaced)).toEqual({
    versionId: OTHER,
    seenAt: NOW,
    rotated: OTHER,
    earlier: [CURRENT, PREVIOUS],
  });
});

test('nothing is remembered of a secret that does not rotate, and little of one that does', () => {
  expect(currentSight(undefined, look(CURRENT, { secret: { rotationEnabled: undefined } }))).toBeUndefined();
  const versions = Array.from({ length: 20 }, (_, index) => `${index}`.padStart(32, '0'));
  const end = versions.reduce<CurrentSight | undefined>(
    (seen, versionId) => currentSight(seen, look(versionId, { pendingBefore: versionId })),
    undefined,
  );
  expect(end?.earlier).toHaveLength(5);
});
