import { expect, test } from 'vitest';
import { memorySecretCatalog } from '../../../../../src/monitor/adapters/memory/memory-secret-catalog.ts';
import { findSecret } from '../../../../../src/monitor/application/operate/find-secret.ts';
import { healthy } from '../../../../support/secrets.ts';

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
