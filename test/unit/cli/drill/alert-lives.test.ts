import { expect, test } from 'vitest';
import { alertLives } from '../../../../src/cli/drill/summary-text.ts';

const told = (
  transition: string,
  at: string,
  rest: { secretName?: string; code?: string; severity?: string } = {},
) => ({
  secretName: 'app/db',
  secretArn: 'arn',
  code: 'rotation-failed',
  severity: 'MEDIUM',
  transition,
  reason: 'first',
  at,
  subject: '',
  text: '',
  ...rest,
});

test('an alert is one life from its opening to its end, by its latest code', () => {
  const lives = alertLives([
    told('opened', '1'),
    told('rose', '2', { code: 'stuck-pending', severity: 'HIGH' }),
    told('repeated', '3', { code: 'stuck-pending', severity: 'HIGH' }),
    told('resolved', '4', { code: 'stuck-pending', severity: 'HIGH' }),
  ]);
  expect(lives).toEqual([
    {
      secretName: 'app/db',
      code: 'stuck-pending',
      severity: 'HIGH',
      openedAt: '1',
      resolvedAt: '4',
      repeats: 1,
    },
  ]);
});

test('what opens again after its end is a life of its own, and so is what another secret has', () => {
  const lives = alertLives([
    told('opened', '1'),
    told('opened', '2', { secretName: 'other/db' }),
    told('resolved', '3'),
    told('opened', '4'),
  ]);
  expect(lives.map(({ secretName, openedAt, resolvedAt }) => [secretName, openedAt, resolvedAt])).toEqual([
    ['app/db', '1', '3'],
    ['other/db', '2', undefined],
    ['app/db', '4', undefined],
  ]);
});
