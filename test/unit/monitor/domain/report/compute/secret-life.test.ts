import { expect, test } from 'vitest';
import { DAY, type Instant, later, MINUTE } from '../../../../../../src/calendar/instant.ts';
import { sightOf } from '../../../../../../src/monitor/domain/history/secret-sight.ts';
import type { ChangeEntry } from '../../../../../../src/monitor/domain/report/change-entry.ts';
import { lifeOf } from '../../../../../../src/monitor/domain/report/compute/secret-life.ts';
import type { Secret } from '../../../../../../src/monitor/domain/secret/secret.ts';
import { aSecret, at } from '../../../../../support/builders.ts';

const BORN = at('2026-01-05T09:00:00Z');
const READ = at('2026-04-01T00:00:00Z');
const FRAME = { secretArn: aSecret().arn, readAt: READ, historySince: later(BORN, DAY) };
const day = (count: number): Instant => later(BORN, count * DAY);
const change = (kind: ChangeEntry['kind'], when: Instant, given: Partial<ChangeEntry> = {}): ChangeEntry => ({
  secretArn: aSecret().arn,
  kind,
  at: when,
  ...given,
});

/** The life of a secret that was first seen on a day after its creation. */
function life(changes: readonly ChangeEntry[], seenOn: number, given: Partial<Secret> = {}) {
  const secret = aSecret({ createdAt: BORN, ...given });
  const sight = sightOf(secret, day(seenOn));
  const { rotationOn, schedule, owner, silence } = sight;
  const now = { isThere: true, rotationOn, schedule, owner, silence };
  const found = lifeOf({ ...FRAME, createdAt: BORN, changes, sight, now });
  return {
    kinds: found.changes.map(({ kind }) => kind),
    changes: found.changes,
    spans: found.spans.map(({ from, to, state, isInferred }) => ({
      from: (from - BORN) / DAY,
      to: (to - BORN) / DAY,
      is: state.isThere ? (state.rotationOn ? state.schedule : 'off') : 'gone',
      isInferred,
    })),
  };
}

const END = (READ - BORN) / DAY;
const SEVEN = {
  rotationRules: { automaticallyAfterDays: 7, scheduleExpression: 'rate(7 days)', duration: undefined },
};
const changed = { before: 'rate(30 days)', after: 'rate(7 days)' };

test('a secret without changes was all its life as it is, which is inferred before the first look', () => {
  expect(life([], 10).spans).toEqual([
    { from: 0, to: 10, is: 'rate(30 days)', isInferred: true },
    { from: 10, to: END, is: 'rate(30 days)', isInferred: false },
  ]);
});

test('a change that an event shows splits the life at its moment', () => {
  const event = change('schedule-changed', day(20), { after: 'rate(7 days)' });
  const looks = change('schedule-changed', later(day(20), MINUTE), { ...changed, notBefore: day(19) });
  const { spans, changes } = life([event, looks], 1, SEVEN);
  expect(spans.slice(1)).toMatchObject([
    { from: 1, to: 20, is: 'rate(30 days)' },
    { from: 20, to: END, is: 'rate(7 days)', isInferred: false },
  ]);
  expect(changes.filter(({ kind }) => kind !== 'created')).toEqual([event]);
});

test('a change that only looks show counts from the later look and is inferred', () => {
  const looks = change('schedule-changed', day(20), { ...changed, notBefore: day(19) });
  expect(life([looks], 1, SEVEN).spans.at(-1)).toMatchObject({
    from: 20,
    is: 'rate(7 days)',
    isInferred: true,
  });
});

test('an event that changed nothing is left out', () => {
  const { kinds, spans } = life([change('rotation-on', day(20))], 1);
  expect(kinds).toEqual(['created']);
  expect(new Set(spans.map(({ is }) => is)).size).toBe(1);
});

test('a secret of which history saw the creation begins without rotation', () => {
  const changes = [
    change('created', BORN, { actor: 'alice' }),
    change('rotation-on', later(BORN, MINUTE)),
    change('schedule-changed', later(BORN, MINUTE), { after: 'rate(30 days)' }),
  ];
  const sight = sightOf(aSecret({ createdAt: BORN }), later(BORN, 5 * MINUTE));
  const { rotationOn, schedule } = sight;
  const now = { isThere: true, rotationOn, schedule, owner: undefined, silence: undefined };
  const found = lifeOf({ ...FRAME, historySince: BORN, createdAt: BORN, changes, sight, now });
  expect(found.changes.map(({ kind, actor }) => [kind, actor])).toEqual([
    ['created', 'alice'],
    ['rotation-on', undefined],
    ['schedule-changed', undefined],
  ]);
});

test('deletion and restoration are stretches of their own', () => {
  const { spans, kinds } = life([change('deletion-scheduled', day(20)), change('restored', day(25))], 1);
  expect(spans.slice(1).map(({ is }) => is)).toEqual(['rate(30 days)', 'gone', 'rate(30 days)']);
  expect(kinds).toEqual(['created', 'deletion-scheduled', 'restored']);
});

test('events and tests that are no setting stay in the list of changes', () => {
  expect(life([change('value-changed', day(3)), change('rotation-tested', day(4))], 1).kinds).toEqual([
    'created',
    'value-changed',
    'rotation-tested',
  ]);
});

test('without any history it is as it is now', () => {
  const secret = aSecret({ createdAt: BORN });
  const now = {
    isThere: true,
    rotationOn: true,
    schedule: 'rate(30 days)',
    owner: undefined,
    silence: undefined,
  };
  const found = lifeOf({
    ...FRAME,
    historySince: undefined,
    createdAt: secret.createdAt,
    changes: [],
    sight: undefined,
    now,
  });
  expect(found.spans).toEqual([{ from: BORN, to: READ, state: now, isInferred: true }]);
});

test('a setting that no event shows and the first look does is inferred, between creation and that look', () => {
  const seenAt = later(BORN, 5 * MINUTE);
  const sight = sightOf(aSecret({ createdAt: BORN }), seenAt);
  const { rotationOn, schedule } = sight;
  const now = { isThere: true, rotationOn, schedule, owner: undefined, silence: undefined };
  const changes = [change('created', BORN, { actor: 'alice' })];
  const found = lifeOf({ ...FRAME, historySince: BORN, createdAt: BORN, changes, sight, now });
  expect(found.changes.slice(1)).toEqual([
    change('rotation-on', seenAt, { notBefore: BORN }),
    change('schedule-changed', seenAt, { notBefore: BORN, before: undefined, after: 'rate(30 days)' }),
  ]);
  expect(found.spans.map(({ isInferred }) => isInferred)).toEqual([false, true]);
});
