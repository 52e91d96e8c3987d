import { expect, test } from 'vitest';
import { watchedResources } from '../../../../../src/monitor/domain/examine/watched-resources.ts';
import { aSecret } from '../../../../support/builders.ts';
import { FUNCTION } from '../../../../support/inspections.ts';

const names = (given: Parameters<typeof aSecret>[0], roleName?: string): readonly string[] =>
  watchedResources(aSecret(given), { roleName }).map(({ name }) => name);

test('a rotation depends on its function, the role of the function, the secret and its key', () => {
  const kmsKeyId = 'arn:aws:kms:eu-west-1:111122223333:key/k1';
  const secret = aSecret({ kmsKeyId });
  expect(
    watchedResources(secret, { roleName: 'rotator' }).map(({ name, isGlobal }) => [name, isGlobal]),
  ).toEqual([
    ['rotate-orders-db', false],
    [FUNCTION, false],
    ['rotator', true],
    [secret.arn, false],
    [secret.name, false],
    [kmsKeyId, false],
  ]);
});

test('what is not known or not there is left out', () => {
  expect(names({ rotationFunctionArn: undefined, owningService: 'rds' })).toEqual([
    aSecret().arn,
    aSecret().name,
  ]);
});

test('a function is known without the version that the secret names', () => {
  expect(names({ rotationFunctionArn: `${FUNCTION}:live` }).slice(0, 2)).toEqual([
    'rotate-orders-db',
    FUNCTION,
  ]);
});

test.each([
  ['k1', 'arn:aws:kms:eu-west-1:111122223333:key/k1'],
  ['alias/own', undefined],
  ['arn:aws:kms:eu-west-1:111122223333:alias/own', undefined],
])('the key %s is looked for as %s', (kmsKeyId, expected) => {
  expect(names({ kmsKeyId })[4]).toBe(expected);
});
