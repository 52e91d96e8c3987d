import { describe, expect, test } from 'vitest';
import { adviceIn, toldIn } from '../../../../../src/proving/court/told/told-in.ts';
import type { Email } from '../../../../../src/simulator/sns/delivery.ts';
import { NOW } from '../../../../support/builders.ts';

const arnOf = (name: string) => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`;
const findArn = (name: string) => (['app/db', 'app/api'].includes(name) ? arnOf(name) : undefined);

const email = (
  subject: string,
  message: string,
  attributes: Readonly<Record<string, string>> = {},
): Email => ({
  at: NOW,
  topicArn: 'arn:aws:sns:eu-west-1:111122223333:alerts',
  address: 'oncall@example.com',
  subject,
  message,
  attributes: { code: 'stuck-pending', severity: 'HIGH', transition: 'opened', ...attributes },
  messageId: '1',
});

const told = (...given: Parameters<typeof email>) =>
  toldIn(email(...given), findArn).map(({ secretName, code, severity, transition, reason }) =>
    [secretName, code, severity, transition, reason].join(' '),
  );

describe('toldIn()', () => {
  test('reads an alert about one secret', () => {
    const text = `It is stuck.\nWHY\n- AWSCURRENT is on version v1.\n\nSecret: ${arnOf('app/db')}`;
    expect(told('[HIGH] app/db: stuck-pending', text)).toEqual(['app/db stuck-pending HIGH opened first']);
  });

  test('takes the secret from the ARN when the subject was cut', () => {
    expect(told('[HIGH] app/d...', `Secret: ${arnOf('app/db')}`)).toEqual([
      'app/db stuck-pending HIGH opened first',
    ]);
  });

  test('reads an alert about several secrets', () => {
    const text =
      'SECRETS\n- app/db (HIGH, since 2026-03-02T00:00:00Z)\n- app/api (CRITICAL, since 2026-03-02T00:00:00Z)';
    expect(told('[HIGH] 2 secrets: stuck-pending', text)).toEqual([
      'app/db stuck-pending HIGH opened first',
      'app/api stuck-pending CRITICAL opened first',
    ]);
  });

  test('reads the end of several alerts', () => {
    const text = 'app/db: It rotated.\napp/api: It rotated.';
    expect(told('[RESOLVED] 2 secrets: stuck-pending', text, { transition: 'resolved' })).toEqual([
      'app/db stuck-pending HIGH resolved resolved',
      'app/api stuck-pending HIGH resolved resolved',
    ]);
  });

  test('reads a digest with the codes of its sections', () => {
    const text =
      'Told once.\n\nrotation-overdue: 1\n- app/db (MEDIUM, since 2026-03-02T00:00:00Z)\n\nstuck-pending: 1\n- app/api (HIGH, since 2026-03-02T00:00:00Z)';
    expect(told('[HIGH] Still open', text, { digest: 'weekly', transition: 'repeated' })).toEqual([
      'app/db rotation-overdue MEDIUM repeated weekly-digest',
      'app/api stuck-pending HIGH repeated weekly-digest',
    ]);
  });

  test('keeps the subject of what it cannot read', () => {
    expect(told('Something else', 'Hello')).toEqual(['Something else stuck-pending HIGH opened first']);
  });
});

describe('adviceIn()', () => {
  test('reads the steps and their commands', () => {
    const text = 'What.\n\nWHAT TO DO\n1. Look.\n   aws a b\n   aws c d\n2. Wait.\n\nSecret: x\n   aws e f';
    expect(adviceIn(text)).toEqual([
      { text: 'Look.', commands: ['aws a b', 'aws c d'] },
      { text: 'Wait.', commands: [] },
    ]);
  });

  test('finds none in a message without advice', () => {
    expect(adviceIn('It is over.')).toEqual([]);
  });
});
