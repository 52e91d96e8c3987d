import { expect, test } from 'vitest';
import {
  asSecretArn,
  isManagedRotation,
  isReplica,
  splitSecretArn,
} from '../../../../../src/monitor/domain/secret/secret.ts';
import { arn, aSecret } from '../../../../support/builders.ts';

test.each([
  ['prod/orders/db', false],
  ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db', false],
  ['arn:aws:secretsmanager:eu-west-1:1111:secret:db-AbCdEf', false],
  ['arn:aws:iam::111122223333:role/db-AbCdEf', false],
  ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf', true],
  ['arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:rds!db-1-AbCdEf', true],
])('asSecretArn of %s: %s', (text, isArn) => {
  expect(asSecretArn(text)).toBe(isArn ? text : undefined);
});

test('splitSecretArn gives the parts, and the name without its suffix', () => {
  expect(
    splitSecretArn(arn('arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:a/b-c-AbCdEf')),
  ).toEqual({
    partition: 'aws-cn',
    region: 'cn-north-1',
    account: '111122223333',
    name: 'a/b-c',
  });
});

test('isReplica holds for a copy, not for a primary that has copies', () => {
  expect(isReplica(aSecret({ primaryRegion: 'us-east-1' }))).toBe(true);
  expect(isReplica(aSecret({ primaryRegion: 'eu-west-1' }))).toBe(false);
  expect(isReplica(aSecret())).toBe(false);
});

test('isManagedRotation holds for services and partners, unless a function is attached', () => {
  expect(isManagedRotation(aSecret({ rotationFunctionArn: undefined, owningService: 'rds' }))).toBe(true);
  expect(isManagedRotation(aSecret({ rotationFunctionArn: undefined, externalType: 'DatadogApiKey' }))).toBe(
    true,
  );
  expect(isManagedRotation(aSecret({ owningService: 'rds' }))).toBe(false);
  expect(isManagedRotation(aSecret({ rotationFunctionArn: undefined }))).toBe(false);
});
