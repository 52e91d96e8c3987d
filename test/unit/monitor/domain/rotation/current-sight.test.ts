import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  accepted,
  type CurrentSight,
  currentSight,
} from '../../../../../src/monitor/domain/rotation/current-sight.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import type { CurrentLook } from '../../../../../src/monitor/domain/rotation/move-source.ts';
import { withProvenDate, withRotationDate } from '../../../../../src/monitor/domain/rotation/rotated-date.ts';
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
  expect(seen).toEqual({
    versionId: CURRENT,
    seenAt: NOW,
    rotated: CURRENT,
    earlier: [PREVIOUS],
    dated: {
      at: aSecret().lastRotatedAt,
      of: 'rotation',
      before: undefined,
      seenAt: NOW,
      from: undefined,
    },
  });
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
  const { dated: _, ...seen } = currentSight(known, look(OTHER, given)) ?? {};
  expect(seen).toEqual({ versionId: OTHER, seenAt: NOW, rotated: OTHER, earlier: [CURRENT, PREVIOUS] });
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

test('a further change is put down to whom its own event names, however long after the first', () => {
  const first = currentSight(known, look(OTHER, { evidence: [put()] }));
  const now = later(NOW, 2 * HOUR);
  const kim = put({ id: 'kim', at: now, versionId: PENDING, actor: 'kim' });
  expect(currentSight(first, look(PENDING, { now, evidence: [put(), kim] }))?.outside).toMatchObject({
    to: PENDING,
    seenAt: NOW,
    by: { at: now, actor: 'kim' },
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

const DATE = later(NOW, -MINUTE);
const moved = { secret: { lastRotatedAt: DATE } };
const dated: CurrentSight = {
  ...known,
  dated: {
    at: later(NOW, -25 * HOUR),
    of: 'rotation',
    before: undefined,
    seenAt: later(NOW, -24 * HOUR),
    from: undefined,
  },
};
const lastRotation = (seen: CurrentSight | undefined, now = NOW) => [
  withRotationDate(look(OTHER, moved).secret, seen).lastRotatedAt,
  withProvenDate(look(OTHER, moved).secret, seen, now).lastRotatedAt,
];

test('a date alone is that of a rotation, and proves it once no event has said otherwise for 15 minutes', () => {
  const seen = currentSight(dated, look(OTHER, moved));
  expect(seen?.outside).toBeUndefined();
  expect(lastRotation(seen, later(NOW, 15 * MINUTE))).toEqual([DATE, dated.dated?.at]);
  expect(lastRotation(seen, later(NOW, 15 * MINUTE + 1))).toEqual([DATE, DATE]);
});

test('a date that comes with a version of a rotation proves it at once, and an event that comes late does', () => {
  expect(lastRotation(currentSight(dated, look(OTHER, { ...moved, pendingBefore: OTHER })))).toEqual([
    DATE,
    DATE,
  ]);
  const alone = currentSight(dated, look(OTHER, moved));
  const late = { ...moved, evidence: [anEvidence('rotation-succeeded', MINUTE, { versionId: OTHER })] };
  expect(lastRotation(currentSight(alone, look(OTHER, late)))).toEqual([DATE, DATE]);
});

test('an event that comes hours late says that the value was put by hand, and takes the date back', () => {
  const alone = currentSight(dated, look(OTHER, moved));
  const now = later(NOW, 12 * HOUR);
  const seen = currentSight(alone, look(OTHER, { ...moved, now, evidence: [put()] }));
  expect(seen).toMatchObject({ rotated: CURRENT, seenAt: NOW });
  expect(seen?.outside).toMatchObject({ kind: 'replaced', from: CURRENT, to: OTHER, seenAt: NOW });
  expect(lastRotation(seen, now)).toEqual([dated.dated?.at, dated.dated?.at]);
  const again = currentSight(seen, look(OTHER, { ...moved, now, evidence: [put()] }));
  expect(again).toEqual(seen);
});

test('a date that puts have moved twice is still that of the rotation before them', () => {
  const once = currentSight(dated, look(OTHER, { ...moved, evidence: [put()] }));
  const secret = { lastRotatedAt: later(NOW, HOUR) };
  const second = put({ id: 'second', at: later(NOW, HOUR), versionId: PENDING });
  const twice = currentSight(once, look(PENDING, { secret, now: later(NOW, HOUR), evidence: [second] }));
  const seen = withRotationDate(look(PENDING, { secret }).secret, twice);
  expect(seen.lastRotatedAt).toBe(dated.dated?.at);
  expect(lastRotation(twice)).toEqual([dated.dated?.at, dated.dated?.at]);
});

test('a value that was accepted stays so, whatever its date', () => {
  const seen = currentSight(dated, look(OTHER, { ...moved, evidence: [put()] }));
  const meant = seen && accepted(seen);
  expect(currentSight(meant, look(OTHER, { ...moved, evidence: [put()] }))).toBe(meant);
});

test('a read that lags changes nothing of the date, and a date that follows its version proves the rotation', () => {
  const old = { secret: { lastRotatedAt: later(NOW, -25 * HOUR) } };
  const early = currentSight(dated, look(OTHER, old));
  expect(early?.outside?.kind).toBe('replaced');
  const seen = currentSight(early, look(OTHER, { ...moved, now: later(NOW, MINUTE) }));
  expect(seen?.outside).toBeUndefined();
  expect(currentSight(seen, look(OTHER, { ...old, now: later(NOW, MINUTE) }))).toBe(seen);
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

test('a value that replaces one that was moved back to is said to replace it, and a rotation ends both', () => {
  const back = currentSight(dated, look(PREVIOUS));
  expect(back?.outside).toMatchObject({ kind: 'moved-back', to: PREVIOUS });
  const replaced = currentSight(back, look(OTHER));
  expect(replaced?.outside).toMatchObject({ kind: 'moved-back', last: 'replaced', to: OTHER });
  expect(currentSight(replaced, look(PREVIOUS))?.outside).toEqual({ ...back?.outside, from: CURRENT });
  expect(currentSight(replaced, look(OTHER, moved))?.outside).toBeUndefined();
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
  ['when CloudFormation attaches the secret', { evidence: [put({ via: 'cloudformation.amazonaws.com' })] }],
])('a move is silent %s', (_case, given) => {
  expect(currentSight(known, look(OTHER, given))).toMatchObject({ versionId: OTHER, rotated: OTHER });
  expect(currentSight(known, look(OTHER, given))?.outside).toBeUndefined();
});

const OFF = { rotationEnabled: false, lastRotatedAt: undefined };
const cancelled = (agoMs: number) =>
  anEvidence('secret-changed', agoMs, { id: 'off', operation: 'CancelRotateSecret' });

test('a value that was put while a deployment had rotation off for a moment is replaced', () => {
  const evidence = [cancelled(2 * MINUTE), put()];
  const off = currentSight(dated, look(OTHER, { secret: OFF, evidence }));
  const on = currentSight(off, look(OTHER, { evidence, now: later(NOW, 15 * MINUTE) }));
  expect(on?.outside).toMatchObject({ kind: 'replaced', to: OTHER, seenAt: NOW, by: { actor: ALEX } });
  expect(on?.rotated).toBe(CURRENT);
});

test.each<[string, Given, Given]>([
  ['stays off', { evidence: [cancelled(2 * MINUTE), put()] }, { secret: OFF }],
  ['had been off for long', { evidence: [cancelled(16 * MINUTE), put()] }, {}],
  ['nobody is known to have switched off', { evidence: [put()] }, {}],
])('a move is silent while rotation is off and %s', (_case, given, then) => {
  const off = currentSight(dated, look(OTHER, { secret: OFF, ...given }));
  const late = currentSight(off, look(OTHER, { ...given, ...then, now: later(NOW, 15 * MINUTE) }));
  expect(late).toMatchObject({ versionId: OTHER, rotated: OTHER });
  expect(late?.outside).toBeUndefined();
});

test('a template that overwrites the value through CloudFormation is no attachment', () => {
  const evidence = [put({ operation: 'UpdateSecret', via: 'cloudformation.amazonaws.com' })];
  expect(currentSight(known, look(OTHER, { evidence }))?.outside?.kind).toBe('replaced');
});

test('what a person accepts is in use as if a rotation had put it there', () => {
  const replaced = currentSight(known, look(OTHER));
  const { dated: date, ...seen } = (replaced && accepted(replaced)) ?? {};
  expect(seen).toEqual({ versionId: OTHER, seenAt: NOW, rotated: OTHER, earlier: [CURRENT, PREVIOUS] });
  expect(date).toBe(replaced?.dated);
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
