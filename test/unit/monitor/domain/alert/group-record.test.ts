import { expect, test } from 'vitest';
import { DAY, HOUR, type Instant, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  type Admission,
  admit,
  outdatedIn,
  overOf,
  saidOf,
} from '../../../../../src/monitor/domain/alert/admit.ts';
import { type Group, grouped } from '../../../../../src/monitor/domain/alert/group.ts';
import {
  type GroupRecord,
  memberOf,
  recordKey,
  wasTold,
} from '../../../../../src/monitor/domain/alert/group-record.ts';
import type { Notification } from '../../../../../src/monitor/domain/alert/notification.ts';
import { aNotification } from '../../../../support/alerts.ts';
import { NOW } from '../../../../support/builders.ts';

const about = (name: string, given: Partial<Notification> = {}): Notification =>
  aNotification({ secretName: name, fingerprint: `${name}#v`, id: `${name}@${given.at ?? NOW}`, ...given });
const member = (name: string) => memberOf({ fingerprint: `${name}#v` });
const over = (name: string, at = NOW) => about(name, { transition: 'resolved', reason: 'resolved', at });
const repeated = (name: string, at: Instant, given: Partial<Notification> = {}) =>
  about(name, { transition: 'repeated', reason: 'repeat-interval', at, ...given });
const escalated = (name: string, at: Instant) =>
  about(name, { transition: 'escalated', reason: 'unacknowledged', severity: 'CRITICAL', at });

function groupOf(...notifications: readonly Notification[]): Group {
  const [group, ...more] = grouped(notifications);
  if (group === undefined || more.length > 0) throw new Error('Not one group');
  return group;
}
/** Weighs the present notifications against the record of sent ones. */
const weighed = (
  known: GroupRecord | undefined,
  now: Instant,
  ...notifications: readonly Notification[]
): Admission => admit(groupOf(...notifications), { known, over: new Set(), now });
function told(
  known: GroupRecord | undefined,
  now: Instant,
  ...notifications: readonly Notification[]
): GroupRecord {
  const admission = weighed(known, now, ...notifications);
  if (admission.kind !== 'send') throw new Error('It was not sent');
  return admission.record;
}

const INTERVAL = 90 * MINUTE;

test('the first of a group is sent at once', () => {
  expect(weighed(undefined, NOW, about('a'))).toMatchObject({ kind: 'send', before: 0, retold: 0 });
});

test.each(['MEDIUM', 'HIGH', 'CRITICAL'] as const)(
  'a group that grows by a %s one as grave as those before is reported again 90 minutes later, not earlier',
  (severity) => {
    const record = told(undefined, NOW, about('a', { severity }), about('b', { severity }));
    const until = NOW + INTERVAL;
    expect(weighed(record, later(NOW, INTERVAL - 1), about('c', { severity }))).toEqual({
      kind: 'hold',
      until,
    });
    expect(weighed(record, later(NOW, INTERVAL), about('c', { severity }))).toMatchObject({
      kind: 'send',
      before: 2,
    });
  },
);

test('what is graver than all before it is sent at once, with all that waits', () => {
  const record = told(undefined, NOW, about('a', { severity: 'MEDIUM' }));
  const rose = about('a', { severity: 'HIGH', transition: 'rose', at: later(NOW, MINUTE) });
  expect(weighed(record, later(NOW, MINUTE), rose, about('b', { severity: 'MEDIUM' }))).toMatchObject({
    kind: 'send',
    before: 0,
    retold: 1,
  });
  const both = told(record, later(NOW, MINUTE), rose, about('b', { severity: 'MEDIUM' }));
  const critical = about('c', { severity: 'CRITICAL' });
  expect(weighed(both, later(NOW, 2 * MINUTE), critical)).toMatchObject({ kind: 'send', before: 2 });
});

test('a rise to a severity that the group was reported with waits like its growth', () => {
  const record = told(undefined, NOW, about('a'), about('b', { severity: 'MEDIUM' }));
  const rose = about('b', { transition: 'rose', at: later(NOW, MINUTE) });
  expect(weighed(record, later(NOW, MINUTE), rose)).toMatchObject({ kind: 'hold' });
});

test('a member alone in its group waits for nobody', () => {
  const record = told(undefined, NOW, about('a'));
  const again = about('a', { at: later(NOW, MINUTE) });
  expect(weighed(record, later(NOW, MINUTE), again)).toMatchObject({ kind: 'send' });
});

test('those whose end waits to be sent do not hold back the others', () => {
  const record = told(undefined, NOW, about('a'));
  const standing = { known: record, over: overOf([over('a')]), now: later(NOW, MINUTE) };
  expect(admit(groupOf(about('b')), standing)).toMatchObject({ kind: 'send', before: 0 });
});

test('what a run that died has sent is not sent again, unless it was decided again', () => {
  const record = told(undefined, later(NOW, MINUTE), about('a'), about('b'));
  expect(wasTold(about('b'), record)).toBe(true);
  const anew = about('b', { at: later(NOW, 2 * HOUR) });
  expect(wasTold(anew, record)).toBe(false);
  expect(wasTold(about('b', { severity: 'CRITICAL' }), record)).toBe(false);
  expect(weighed(record, later(NOW, 3 * HOUR), anew)).toMatchObject({ kind: 'send', before: 1 });
});

test('the first that nobody acknowledges is sent at once, the others as the group grows', () => {
  const record = told(
    undefined,
    NOW,
    about('a', { severity: 'CRITICAL' }),
    about('b', { severity: 'CRITICAL' }),
  );
  const first = later(NOW, 30 * MINUTE);
  const after = told(record, first, escalated('a', first));
  expect(after.escalatedAt).toBe(first);
  const next = later(first, 5 * MINUTE);
  expect(weighed(after, next, escalated('b', next))).toEqual({ kind: 'hold', until: first + INTERVAL });
});

test('what is over before another begins is no group, so that its end waits for nothing', () => {
  const first = told(undefined, NOW, about('a'));
  const next = admit(groupOf(about('b', { at: later(NOW, HOUR) })), {
    known: first,
    over: new Set([member('a')]),
    now: later(NOW, HOUR),
  });
  if (next.kind !== 'send') throw new Error('It was not sent');
  expect(next.record).toMatchObject({ peak: 1 });
  expect(weighed(next.record, later(NOW, HOUR), over('a', later(NOW, HOUR - 1)))).toMatchObject({
    kind: 'send',
    record: { members: { [member('b')]: {} } },
  });
});

test('one repeat speaks for the group; the others of its round are not sent', () => {
  const record = told(undefined, NOW, about('a'), about('b'), about('c'));
  const first = later(NOW, DAY);
  expect(weighed(record, first, repeated('a', first))).toMatchObject({ kind: 'send', before: 2 });
  const after = told(record, first, repeated('a', first));
  const [within, beyond] = [later(first, DAY / 2 - 1), later(first, DAY / 2)];
  expect(weighed(after, within, repeated('b', within))).toEqual({ kind: 'told' });
  expect(weighed(after, beyond, repeated('b', beyond))).toMatchObject({ kind: 'send' });
});

test('a round of CRITICAL repeats is two hours', () => {
  const record = told(undefined, NOW, repeated('a', NOW, { severity: 'CRITICAL' }));
  const at = later(NOW, 2 * HOUR);
  expect(weighed(record, at, repeated('b', at, { severity: 'CRITICAL' }))).toMatchObject({ kind: 'send' });
  const early = later(NOW, 2 * HOUR - 1);
  expect(weighed(record, at, repeated('b', early, { severity: 'CRITICAL' }))).toEqual({ kind: 'told' });
});

test('members that are over wait for the others, a day at most', () => {
  const record = told(undefined, NOW, about('a'), about('b'));
  expect(weighed(record, NOW, over('a'))).toMatchObject({ kind: 'hold' });
  expect(weighed(record, NOW, over('a'), over('b'))).toMatchObject({ kind: 'send' });
  expect(weighed(record, later(NOW, DAY - 1), over('a'))).toMatchObject({ kind: 'hold' });
  expect(told(record, later(NOW, DAY), over('a')).members).toEqual({
    [member('b')]: { severity: 'HIGH', at: NOW },
  });
});

test('a group of one is reported as over at once, and is forgotten then', () => {
  const first = told(undefined, NOW, about('a', { severity: 'CRITICAL' }));
  const record = told(first, later(NOW, HOUR), escalated('a', later(NOW, HOUR)));
  expect(told(record, later(NOW, 2 * HOUR), over('a'))).toEqual({
    key: record.key,
    members: {},
    ended: { [member('a')]: NOW },
    toldAt: undefined,
    escalatedAt: undefined,
    repeatedAt: undefined,
    peak: 0,
    unnamed: undefined,
  });
});

test('of what waits, an end is forgotten with news of it that nobody heard', () => {
  const [opened, rose, end] = [
    about('a', { at: NOW }),
    about('a', { transition: 'rose', at: later(NOW, MINUTE) }),
    over('a', later(NOW, HOUR)),
  ];
  expect(outdatedIn(groupOf(opened, rose), undefined, saidOf([opened, rose, end]))).toEqual([
    opened,
    rose,
    end,
  ]);
  const heard = told(undefined, NOW, opened);
  expect(outdatedIn(groupOf(rose), heard, saidOf([rose, end]))).toEqual([rose]);
  expect(outdatedIn(groupOf(end), heard, saidOf([rose, end]))).toEqual([]);
});

test('of what waits, the end of what has begun again is forgotten', () => {
  const [end, again] = [over('a', NOW), about('a', { at: later(NOW, HOUR) })];
  expect(outdatedIn(groupOf(end), undefined, saidOf([end, again]))).toEqual([end]);
  expect(outdatedIn(groupOf(again), undefined, saidOf([end, again]))).toEqual([]);
  expect(overOf([again, end])).toEqual(new Set());
});

test('an end that was reported is not reported again, nor is what came before it', () => {
  const record = told(told(undefined, NOW, about('a')), later(NOW, HOUR), over('a', later(NOW, HOUR)));
  expect(wasTold(over('a', later(NOW, HOUR)), record)).toBe(true);
  expect(wasTold(about('a'), record)).toBe(true);
  expect(wasTold(about('a', { at: later(NOW, 2 * HOUR) }), record)).toBe(false);
  expect(wasTold(over('a', later(NOW, 3 * HOUR)), record)).toBe(false);
});

test.each([
  ['without a function', { rotationFunctionArn: undefined }],
  ['silenced', { transition: 'silenced' as const }],
  ['in a digest', { baseline: true }],
])('what is %s is remembered as sent for a day, or as long as it waits to be cleared', (_what, given) => {
  const first = told(undefined, NOW, about('a', given));
  expect(wasTold(about('a', given), first)).toBe(true);
  const other = (at: Instant) => about('b', { ...given, at });
  const within = told(first, later(NOW, DAY), other(later(NOW, DAY)));
  expect(wasTold(about('a', given), within)).toBe(true);
  const beyond = told(first, later(NOW, DAY + 1), other(later(NOW, DAY + 1)));
  expect(wasTold(about('a', given), beyond)).toBe(false);
  const waiting = told(first, later(NOW, 2 * DAY), other(later(NOW, 2 * DAY)), about('a', given));
  expect(wasTold(about('a', given), waiting)).toBe(true);
});

test('one record is for all alerts about secrets behind one function, others for alerts that are sent alone', () => {
  expect(recordKey(groupOf(repeated('a', NOW)))).toBe(recordKey(groupOf(over('a'))));
  const alone = { rotationFunctionArn: undefined };
  expect(recordKey(groupOf(repeated('a', NOW, alone)))).not.toBe(recordKey(groupOf(about('a', alone))));
  expect(recordKey(groupOf(about('a', { baseline: true })))).not.toBe(recordKey(groupOf(about('a'))));
});

test('weighing a group takes time in proportion to its size', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => about(`s${index}`));
  const ends = many.map(({ secretName }) => over(secretName, later(NOW, HOUR)));
  const record = told(undefined, NOW, ...many);
  expect(Object.keys(record.members)).toHaveLength(20_000);
  const said = saidOf([...many, ...ends]);
  expect(outdatedIn(groupOf(...many), record, said)).toHaveLength(20_000);
  expect(weighed(record, later(NOW, HOUR), ...ends)).toMatchObject({ kind: 'send', record: { members: {} } });
});
