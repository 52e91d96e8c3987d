import { expect, test } from 'vitest';
import { dueAt, firstOf, grouped, inDigest } from '../../../../src/domain/alert/group.ts';
import { later, SECOND } from '../../../../src/domain/instant.ts';
import { aNotification } from '../../../support/alerts.ts';
import { NOW } from '../../../support/builders.ts';

test('secrets behind one function with the same problem are one group', () => {
  const groups = grouped(['a', 'b', 'c'].map((secretName) => aNotification({ secretName })));
  expect(groups).toHaveLength(1);
  expect(groups[0]?.notifications.map(({ secretName }) => secretName)).toEqual(['a', 'b', 'c']);
});

test.each([
  ['function', { rotationFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:other' }],
  ['code', { code: 'rotation-failed' as const }],
  ['severity', { severity: 'CRITICAL' as const }],
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

test('a CRITICAL finding of the first sweep is told singly', () => {
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
