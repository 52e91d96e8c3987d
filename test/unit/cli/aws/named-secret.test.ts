import { expect, test } from 'vitest';
import { findSecret, namedSecret, nearestNames } from '../../../../src/cli/aws/named-secret.ts';
import { memorySecretCatalog } from '../../../../src/monitor/adapters/memory/memory-secret-catalog.ts';
import { CatalogError } from '../../../../src/monitor/ports/look/secret-catalog.ts';
import { healthy } from '../../../support/secrets.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders-AbCdEf';
const catalog = () => memorySecretCatalog(['prod/orders', 'prod/users', 'mail'].map((name) => healthy(name)));

test.each([
  ['a name', 'prod/orders'],
  ['an ARN', ARN],
  ['the id of an alert about a version', `${ARN}#22222222-2222-4222-8222-222222222222`],
  ['the id of an alert about a code', `${ARN}#rotation-overdue`],
  ['a name with a line break behind it', 'prod/orders\n'],
])('findSecret finds a secret by %s', async (_what, text) => {
  expect(await findSecret(catalog(), text)).toMatchObject({ kind: 'found', secret: { arn: ARN } });
});

test('findSecret answers the nearest names when there is none, also to an ARN', async () => {
  const missing = { kind: 'missing', observed: 3, nearest: ['prod/orders', 'prod/users'] };
  expect(await findSecret(catalog(), 'prod/order')).toEqual(missing);
  expect(await findSecret(catalog(), ARN.replace('orders', 'order'))).toEqual(missing);
});

test('a text that AWS takes for no name of a secret is the name of none', async () => {
  const refusing = {
    ...catalog(),
    describe: () =>
      Promise.reject(
        new CatalogError('Invalid name', { reason: 'invalid', retryable: false, cause: undefined }),
      ),
  };
  expect(await findSecret(refusing, 'prod/orders;')).toMatchObject({
    kind: 'missing',
    nearest: ['prod/orders', 'prod/users'],
  });
});

test('the command that is proposed works as typed, also for a name that begins with a hyphen', async () => {
  const proposed = (name: string) =>
    namedSecret(memorySecretCatalog([healthy(name)]), `${name}x`, {
      place: { endpointUrl: undefined, region: 'eu-west-1', profile: undefined },
      command: 'rotation-monitor fix',
    });
  await expect(proposed('rds!db-1')).rejects.toMatchObject({
    parts: { example: "rotation-monitor fix 'rds!db-1' --region eu-west-1" },
  });
  await expect(proposed('-prod/db')).rejects.toMatchObject({
    parts: { example: 'rotation-monitor fix --region eu-west-1 -- -prod/db' },
  });
});

const NAMES = ['prod/orders-db', 'prod/users-db', 'staging/orders-db', 'mail', 'PROD/Billing'];

test('nearestNames puts a slip of the hand first', () => {
  expect(nearestNames(NAMES, 'prod/oders-db', 2)).toEqual(['prod/orders-db', 'prod/users-db']);
  expect(nearestNames(NAMES, 'prod/billing', 1)).toEqual(['PROD/Billing']);
});

test('nearestNames prefers names that hold the text', () => {
  expect(nearestNames(NAMES, 'orders', 2)).toEqual(['prod/orders-db', 'staging/orders-db']);
});

test('nearestNames leaves out what has nothing in common, and an empty text has nothing near', () => {
  expect(nearestNames(['zzz'], 'abc', 3)).toEqual([]);
  expect(nearestNames(NAMES, '', 3)).toEqual([]);
  expect(nearestNames([], 'mail', 3)).toEqual([]);
});
