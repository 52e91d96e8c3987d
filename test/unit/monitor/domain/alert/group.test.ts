import { expect, test } from 'vitest';
import { later, SECOND } from '../../../../../src/calendar/instant.ts';
import {
  dueAt,
  everyOf,
  firstOf,
  grouped,
  inDigest,
  transitionOf,
} from '../../../../../src/monitor/domain/alert/group.ts';
import { aNotification } from '../../../../support/alerts.ts';
import { NOW } from '../../../../support/builders.ts';

test('secrets behind one function with the same problem are one group', () => {
  const groups = grouped(['a', 'b', 'c'].map((secretName) => aNotification({ secretName })));
  expect(groups).toHaveLength(1);
  expect(groups[0]?.notifications.map(({ secretName }) => secretName)).toEqual(['a', 'b', 'c']);
});

test('secrets behind one function are one conversation, the gravest first, whatever their codes', () => {
  const [group, ...more] = grouped([
    aNotification({ secretName: 'a', code: 'rotation-failed', severity: 'MEDIUM' }),
    aNotification({ secretName: 'b', transition: 'rose' }),
    aNotification({ secretName: 'c', transition: 'escalated', severity: 'CRITICAL' }),
  ]);
  expect(more).toEqual([]);
  expect(group?.notifications.map(({ secretName }) => secretName)).toEqual(['c', 'b', 'a']);
  expect(group && transitionOf(group)).toBe('escalated');
});

test('of several notifications about one alert the last is shown and stands for the others', () => {
  const opened = aNotification({ severity: 'MEDIUM', code: 'rotation-failed' });
  const rose = aNotification({ transition: 'rose', at: later(NOW, SECOND), id: 'rose' });
  const [group] = grouped([rose, opened]);
  expect(group).toMatchObject({ notifications: [rose], earlier: [opened] });
  expect(group && everyOf(group)).toEqual([rose, opened]);
  expect(group && transitionOf(group)).toBe('opened');
  expect(group && dueAt(group)).toBe(opened.notBefore);
});

test.each([
  ['code', { code: 'rotation-failed' as const }],
  ['severity', { severity: 'CRITICAL' as const }],
  ['transition', { transition: 'rose' as const }],
])('without a rotation function another %s is another group', (_what, difference) => {
  const alone = { rotationFunctionArn: undefined };
  expect(
    grouped([
      aNotification({ ...alone, secretName: 'a' }),
      aNotification({ ...alone, secretName: 'b', ...difference }),
    ]),
  ).toHaveLength(2);
});

test('what is over is sent after the news, which may be of the same alert', () => {
  const over = { transition: 'resolved', reason: 'resolved' } as const;
  const groups = grouped([aNotification({ ...over, secretName: 'a' }), aNotification({ secretName: 'b' })]);
  expect(groups.map((group) => transitionOf(group))).toEqual(['opened', 'resolved']);
});

test('those that are over are one message whatever their code was', () => {
  const over = { transition: 'resolved', reason: 'resolved' } as const;
  const groups = grouped([
    aNotification({ ...over, secretName: 'a' }),
    aNotification({ ...over, secretName: 'b', code: 'rotation-failed', severity: 'MEDIUM' }),
  ]);
  expect(groups).toHaveLength(1);
});

test.each([
  ['function', { rotationFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:other' }],
  ['transition', { transition: 'resolved' as const }],
  ['owner', { owner: 'payments' }],
  ['account', { account: '444455556666' }],
  ['region', { region: 'us-east-1' }],
])('another %s is another group', (_what, difference) => {
  expect(
    grouped([aNotification({ secretName: 'a' }), aNotification({ secretName: 'b', ...difference })]),
  ).toHaveLength(2);
});

test('what the first sweep found is one digest whatever its code', () => {
  const groups = grouped([
    aNotification({ secretName: 'a', baseline: true }),
    aNotification({
      secretName: 'b',
      baseline: true,
      code: 'rotation-overdue',
      rotationFunctionArn: undefined,
    }),
  ]);
  expect(groups.map(({ kind }) => kind)).toEqual(['baseline']);
});

test('a CRITICAL finding of the first sweep is sent by itself', () => {
  expect(inDigest(aNotification({ baseline: true, severity: 'CRITICAL' }))).toBe(false);
});

test('a group is due when its first member has waited long enough', () => {
  const [group] = grouped([
    aNotification({ secretName: 'late', at: later(NOW, 20 * SECOND), notBefore: later(NOW, 50 * SECOND) }),
    aNotification({ secretName: 'early' }),
  ]);
  expect(group && dueAt(group)).toBe(NOW + 30 * SECOND);
  expect(group && firstOf(group.notifications).secretName).toBe('early');
});

test('a group without members cannot be read', () => {
  expect(() => firstOf([])).toThrow(RangeError);
});
