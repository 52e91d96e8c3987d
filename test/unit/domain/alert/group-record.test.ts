import { expect, test } from 'vitest';
import { type Group, grouped } from '../../../../src/domain/alert/group.ts';
import {
  type Admission,
  admit,
  type GroupRecord,
  recordKey,
} from '../../../../src/domain/alert/group-record.ts';
import type { Notification } from '../../../../src/domain/alert/notification.ts';
import { DAY, HOUR, later, MINUTE } from '../../../../src/domain/instant.ts';
import { aNotification } from '../../../support/alerts.ts';
import { NOW } from '../../../support/builders.ts';

const about = (name: string, given: Partial<Notification> = {}): Notification =>
  aNotification({ secretName: name, fingerprint: `${name}#v`, ...given });
function groupOf(...notifications: readonly Notification[]): Group {
  const [group] = grouped(notifications);
  if (group === undefined) throw new Error('No group');
  return group;
}
const recordOf = (admission: Admission): GroupRecord | undefined =>
  admission.kind === 'send' ? admission.record : undefined;
const over = (name: string, at = NOW) => about(name, { transition: 'resolved', reason: 'resolved', at });

test('the first of a group is told at once', () => {
  expect(admit(groupOf(about('a')), undefined, NOW)).toMatchObject({ kind: 'send', before: 0 });
});

test('a group that grows is told again an hour after it was last told, not earlier', () => {
  const record = recordOf(admit(groupOf(about('a'), about('b')), undefined, NOW));
  expect(admit(groupOf(about('c')), record, later(NOW, HOUR - 1))).toEqual({
    kind: 'hold',
    until: NOW + HOUR,
  });
  expect(admit(groupOf(about('c')), record, later(NOW, HOUR))).toMatchObject({ kind: 'send', before: 2 });
});

test('what a run that died has told is not told again, unless it was decided anew', () => {
  const record = recordOf(admit(groupOf(about('a'), about('b')), undefined, later(NOW, MINUTE)));
  expect(admit(groupOf(about('b')), record, later(NOW, 2 * MINUTE))).toEqual({ kind: 'told' });
  const anew = about('b', { at: later(NOW, 2 * HOUR) });
  expect(admit(groupOf(anew), record, later(NOW, 3 * HOUR))).toMatchObject({ kind: 'send', before: 1 });
});

test('an alert that came back is told although the group was told of another code in between', () => {
  const first = recordOf(admit(groupOf(about('a')), undefined, NOW));
  const other = about('b', { code: 'rotation-retries-exhausted', at: later(NOW, 3 * HOUR) });
  const record = recordOf(admit(groupOf(other), first, later(NOW, 3 * HOUR)));
  const back = about('a', { at: later(NOW, 2 * HOUR) });
  expect(admit(groupOf(back), record, later(NOW, 5 * HOUR))).toMatchObject({ kind: 'send' });
});

test('a CRITICAL one never waits', () => {
  const record = recordOf(admit(groupOf(about('a', { severity: 'CRITICAL' })), undefined, NOW));
  expect(admit(groupOf(about('b', { severity: 'CRITICAL' })), record, later(NOW, MINUTE))).toMatchObject({
    kind: 'send',
  });
});

test('a higher severity is told at once, also for a member that was told', () => {
  const record = recordOf(admit(groupOf(about('a', { severity: 'MEDIUM' })), undefined, NOW));
  const rose = about('a', { severity: 'HIGH', transition: 'rose' });
  expect(admit(groupOf(rose), record, later(NOW, MINUTE))).toMatchObject({ kind: 'send', before: 0 });
});

test('members that are over wait for the others, a day at most', () => {
  const record = recordOf(admit(groupOf(about('a'), about('b')), undefined, NOW));
  expect(admit(groupOf(over('a')), record, NOW)).toMatchObject({ kind: 'hold' });
  expect(admit(groupOf(over('a'), over('b')), record, NOW)).toMatchObject({ kind: 'send' });
  expect(admit(groupOf(over('a')), record, later(NOW, DAY - 1))).toMatchObject({ kind: 'hold' });
  expect(recordOf(admit(groupOf(over('a')), record, later(NOW, DAY)))?.members).toEqual({
    'b#v': { severity: 'HIGH', at: NOW },
  });
});

test('a group of one is told as over at once, and is empty then', () => {
  const record = recordOf(admit(groupOf(about('a')), undefined, NOW));
  expect(recordOf(admit(groupOf(over('a')), record, NOW))).toMatchObject({
    members: {},
    peak: 0,
    toldAt: {},
  });
});

test('those that are over are one message whatever their code was', () => {
  const groups = grouped([over('a'), { ...over('b'), code: 'rotation-failed', severity: 'MEDIUM' }]);
  expect(groups).toHaveLength(1);
});

test('what has no rotation function, and what is repeated or in a digest, is weighed against nothing', () => {
  expect(recordKey(groupOf(about('a', { rotationFunctionArn: undefined })))).toBeUndefined();
  expect(recordKey(groupOf(about('a', { transition: 'repeated' })))).toBeUndefined();
  expect(recordKey(groupOf(about('a', { baseline: true })))).toBeUndefined();
});
