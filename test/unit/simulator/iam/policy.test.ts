import { expect, test } from 'vitest';
import { permits, readPolicy } from '../../../../src/simulator/iam/policy.ts';

const ANN = {
  principals: ['arn:aws:iam::111122223333:root'],
  keys: {
    'aws:principalorgid': 'o-simulated1',
    'aws:principalorgpaths': ['o-simulated1/r-simu/ou-simu-00000001/'],
  },
};

const statement = (part: object) => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 'events:PutEvents',
  ...part,
});

const allows = (...Statement: readonly object[]): boolean =>
  permits(readPolicy(JSON.stringify({ Statement })), 'events:PutEvents', ANN);

test('nothing is allowed that no statement allows', () => {
  expect(allows()).toBe(false);
  expect(allows(statement({ Action: 'events:PutRule' }))).toBe(false);
  expect(allows(statement({ Principal: { Service: 'events.amazonaws.com' } }))).toBe(false);
});

test('a denial is stronger than any permission', () => {
  expect(allows(statement({}))).toBe(true);
  expect(allows(statement({}), statement({ Effect: 'Deny', Principal: { AWS: '111122223333' } }))).toBe(
    false,
  );
});

test('actions go by pattern, whatever their case', () => {
  expect(allows(statement({ Action: ['events:put*'] }))).toBe(true);
  expect(allows(statement({ Action: 'events:PutEvent' }))).toBe(false);
});

test('every condition has to hold, each for one of its values', () => {
  const inOrganization = (...ids: string[]) => ({ StringEquals: { 'aws:PrincipalOrgID': ids } });
  expect(allows(statement({ Condition: inOrganization('o-another111', 'o-simulated1') }))).toBe(true);
  expect(allows(statement({ Condition: inOrganization('o-another111') }))).toBe(false);
  const unknown = { ...inOrganization('o-simulated1'), StringLike: { 'aws:SourceVpc': '*' } };
  expect(allows(statement({ Condition: unknown }))).toBe(false);
});

test('a key with several values is compared by an operator for sets alone', () => {
  const within = (operator: string, ...paths: string[]) =>
    statement({ Condition: { [operator]: { 'aws:PrincipalOrgPaths': paths } } });
  const ofSets = 'ForAnyValue:StringLike';
  expect(allows(within(ofSets, 'o-simulated1/*/ou-simu-00000001/*'))).toBe(true);
  expect(allows(within(ofSets, 'o-simulated1/*/ou-simu-00000002/*', 'o-simulated1/r-simu/*'))).toBe(true);
  expect(allows(within(ofSets, 'o-simulated1/*/ou-simu-00000002/*'))).toBe(false);
  expect(allows(within('StringLike', '*'))).toBe(false);
});

test('what is no policy, or asks what nobody knows here, is refused', () => {
  for (const source of [
    '{',
    {},
    { Statement: [{ Effect: 'Maybe' }] },
    { Statement: statement({ Condition: { NumericEquals: {} } }) },
  ]) {
    expect(() => readPolicy(source)).toThrowError(
      expect.objectContaining({ code: 'MalformedPolicyDocument' }),
    );
  }
});
