import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readGrants } from '../../../../../src/monitor/adapters/lambda/lambda-function-inspector.ts';
import { mayInvoke } from '../../../../../src/monitor/domain/examine/invoke-grant.ts';
import { aSecret } from '../../../../support/builders.ts';
import { aGrant } from '../../../../support/inspections.ts';

const SECRET = aSecret();
const USUAL = {
  Sid: 'SecretsManagerAccess',
  Effect: 'Allow',
  Principal: { Service: 'secretsmanager.amazonaws.com' },
  Action: 'lambda:InvokeFunction',
  Resource: 'arn:aws:lambda:eu-west-1:111122223333:function:rotate',
};
const policy = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement });
const condition = (operator: string, key: string, value: unknown) => ({
  ...USUAL,
  Condition: { [operator]: { [key]: value } },
});

describe('readGrants()', () => {
  test.each([
    ['the usual statement', USUAL],
    [
      'several services',
      { ...USUAL, Principal: { Service: ['events.amazonaws.com', 'secretsmanager.amazonaws.com'] } },
    ],
    ['everybody', { ...USUAL, Principal: '*' }],
    ['every account', { ...USUAL, Principal: { AWS: '*' } }],
    ['every action of Lambda', { ...USUAL, Action: 'lambda:*' }],
    ['one of several actions', { ...USUAL, Action: ['lambda:GetFunction', 'lambda:InvokeFunction'] }],
    ['a statement that is no list', USUAL],
  ])('%s lets Secrets Manager in', (_what, statement) => {
    expect(readGrants(policy(statement))).toEqual([aGrant()]);
    expect(readGrants(JSON.stringify({ Statement: statement }))).toEqual([aGrant()]);
  });

  test.each([
    ['another service', { ...USUAL, Principal: { Service: 'events.amazonaws.com' } }],
    ['another account', { ...USUAL, Principal: { AWS: 'arn:aws:iam::444455556666:root' } }],
    ['another action', { ...USUAL, Action: 'lambda:GetFunction' }],
    ['nobody', { ...USUAL, Principal: undefined }],
  ])('%s has nothing to do with it', (_what, statement) => {
    expect(readGrants(policy(statement))).toEqual([]);
  });

  test.each([
    ['StringEquals', 'AWS:SourceAccount', { sourceAccounts: ['111122223333'] }, '111122223333'],
    ['StringLike', 'aws:SourceAccount', { sourceAccounts: ['1111*'] }, ['1111*']],
    ['ArnLike', 'aws:SourceArn', { sourceArns: ['arn:*'] }, 'arn:*'],
    ['ArnLikeIfExists', 'aws:sourcearn', { sourceArns: ['arn:*'] }, 'arn:*'],
  ] as const)('%s on %s is understood', (operator, key, expected, value) => {
    expect(readGrants(policy(condition(operator, key, value)))).toEqual([aGrant(expected)]);
  });

  test.each([
    ['StringNotEquals', 'aws:SourceAccount', '444455556666'],
    ['Null', 'aws:SourceArn', 'false'],
    ['StringEquals', 'aws:PrincipalOrgID', 'o-123'],
    ['StringEquals', 'aws:SourceAccount', 111122223333],
  ])('%s on %s is not, so that nobody can say', (operator, key, value) => {
    const [grant] = readGrants(policy(condition(operator, key, value))) ?? [];
    expect(grant).toEqual(aGrant({ isConditional: true }));
    expect(mayInvoke(grant === undefined ? [] : [grant], SECRET)).toBe('unknown');
  });

  test.each(['NotPrincipal', 'NotAction'])('what is said by %s is not understood either', (inverted) => {
    const statement = { ...USUAL, [inverted]: { Service: 'secretsmanager.amazonaws.com' } };
    expect(readGrants(policy(statement))).toEqual([aGrant({ isConditional: true })]);
  });

  test('a denial is kept apart', () => {
    expect(readGrants(policy(USUAL, { ...USUAL, Effect: 'Deny' }))).toEqual([
      aGrant(),
      aGrant({ effect: 'deny' }),
    ]);
  });

  test.each(['', 'null', '[]', '"text"', '{}', 'no json'])('%j is no policy', (text) => {
    expect(readGrants(text)).toBeUndefined();
  });

  test('whatever a policy holds, reading it fails nothing', () => {
    const statement = fc.dictionary(
      fc.constantFrom('Effect', 'Principal', 'Action', 'Condition', 'NotAction'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.oneof(fc.array(statement), fc.jsonValue()), (Statement) => {
        const grants = readGrants(JSON.stringify({ Statement }));
        for (const grant of grants ?? []) expect(['allow', 'deny']).toContain(grant.effect);
      }),
    );
  });
});
