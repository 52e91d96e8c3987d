import { expect, test } from 'vitest';
import { DAY, later } from '../../../../../src/calendar/instant.ts';
import { unverifiable } from '../../../../../src/monitor/domain/detect/unverifiable.ts';
import { NOW } from '../../../../support/builders.ts';

const LOOKS = {
  secretName: 'prod/db',
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf',
  region: 'eu-west-1',
  since: NOW,
  reason: 'denied',
};

test('unverifiable is LOW for a day and MEDIUM one millisecond later', () => {
  const found = (ms: number) => unverifiable(LOOKS, later(NOW, ms));
  expect(found(DAY)).toMatchObject({ code: 'unverifiable', severity: 'LOW', since: NOW });
  expect(found(DAY + 1)).toMatchObject({ severity: 'MEDIUM' });
});

test('unverifiable explains itself without a look', () => {
  expect(unverifiable(LOOKS, NOW)).toMatchObject({
    why: ['Checks of "prod/db" have failed since 2026-11-21T10:00:00Z: denied.'],
    credentialInUse: 'unknown',
    advice: [
      {
        commands: [`aws secretsmanager describe-secret --secret-id ${LOOKS.secretArn} --region eu-west-1`],
      },
    ],
  });
});
