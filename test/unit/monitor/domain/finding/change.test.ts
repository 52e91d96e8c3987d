import { describe, expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  changesAmong,
  listedChanges,
  type RecordedCall,
} from '../../../../../src/monitor/domain/finding/change.ts';
import { NOW } from '../../../../support/builders.ts';
import { aCall } from '../../../../support/inspections.ts';

const SPAN = { from: later(NOW, -DAY), until: NOW };
const among = (calls: readonly RecordedCall[], functionName?: string, source = 'lambda.amazonaws.com') =>
  changesAmong([{ label: 'the rotation function', source, calls }], { span: SPAN, functionName });

describe('changesAmong()', () => {
  test('says who did what, and when', () => {
    expect(among([aCall()])).toEqual([
      {
        at: later(NOW, -HOUR),
        who: 'arn:aws:sts::111122223333:assumed-role/deployer/alex',
        what: 'changed the code of the rotation function',
      },
    ]);
  });

  test.each([
    ['kms.amazonaws.com', 'PutKeyPolicy', 'changed the policy of the key'],
    ['iam.amazonaws.com', 'DetachRolePolicy', 'detached a policy from the key'],
    ['secretsmanager.amazonaws.com', 'PutSecretValue', 'put a value into the key'],
  ])('%s %s is written as "%s"', (source, operation, what) => {
    const calls = [aCall({ source, operation })];
    const [change] = changesAmong([{ label: 'the key', source, calls }], {
      span: SPAN,
      functionName: undefined,
    });
    expect(change?.what).toBe(what);
  });

  test.each(['GetFunction20150331', 'TagResource', 'constructor', '__proto__'])(
    'a call that changes nothing of a rotation is left out: %s',
    (operation) => {
      expect(among([aCall({ operation }), aCall({ source: 'constructor', operation })])).toEqual([]);
    },
  );

  test('what happened to another thing of the same name is left out', () => {
    const call = aCall({ source: 'iam.amazonaws.com', operation: 'DeleteRole' });
    expect(among([call])).toEqual([]);
  });

  test('what lies outside of the time is left out, its ends are not', () => {
    const calls = [SPAN.from - 1, SPAN.from, SPAN.until, SPAN.until + 1].map((at, index) =>
      aCall({ id: `${index}`, at: later(NOW, at - NOW) }),
    );
    expect(among(calls).map(({ at }) => at)).toEqual([SPAN.from, SPAN.until]);
  });

  test('what is known under two names is named once, in order of time', () => {
    const early = aCall({ id: 'a', at: later(NOW, -2 * HOUR) });
    const late = aCall({ id: 'b' });
    expect(among([late, early, late]).map(({ at }) => at)).toEqual([early.at, late.at]);
  });

  test('the calls of the function itself are the rotation, not a change', () => {
    const actor = 'arn:aws:sts::111122223333:assumed-role/some-role/rotate-orders-db';
    const call = aCall({ source: 'secretsmanager.amazonaws.com', operation: 'PutSecretValue', actor });
    expect(among([call], 'rotate-orders-db', call.source)).toEqual([]);
    expect(among([call], 'orders-db', call.source)).toHaveLength(1);
  });

  test('nothing else is hidden by a session that is named like the function', () => {
    const actor = 'arn:aws:sts::111122223333:assumed-role/some-role/rotate-orders-db';
    expect(among([aCall({ actor })], 'rotate-orders-db')).toHaveLength(1);
  });

  test('the name of a session is written as one printable line of bounded length', () => {
    const actor = `arn:aws:sts::111122223333:assumed-role/x/${'\u202e\n<!channel>'.repeat(100)}`;
    const [change] = among([aCall({ actor })]);
    expect(change?.who.length).toBeLessThanOrEqual(200);
    expect(change?.who).not.toMatch(/[\n\u202e]/);
  });

  test('a caller nobody knows is unknown', () => {
    expect(among([aCall({ actor: undefined })])[0]?.who).toBe('an unknown caller');
  });
});

describe('listedChanges()', () => {
  const by = (actor: string, minutesAgo: number) =>
    aCall({ id: `${actor} ${minutesAgo}`, actor, at: later(NOW, -minutesAgo * MINUTE) });

  test('ten are named at most, the last ones', () => {
    const told = listedChanges(among(Array.from({ length: 30 }, (_, index) => by(`user-${index}`, index))));
    expect(told).toHaveLength(10);
    expect(told.at(-1)?.at).toBe(NOW);
  });

  test('what somebody does again and again is named once, and hides nothing that was done before', () => {
    const flood = Array.from({ length: 60 }, (_, index) => by('pipeline', index));
    expect(listedChanges(among([...flood, by('alex', 70)]))).toEqual([
      { at: later(NOW, -70 * MINUTE), who: 'alex', what: 'changed the code of the rotation function' },
      {
        at: NOW,
        who: 'pipeline',
        what: 'changed the code of the rotation function (at least 60 times since 2026-11-21T09:01:00Z)',
      },
    ]);
  });
});
