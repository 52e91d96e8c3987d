import { expect, test } from 'vitest';
import { admission } from '../../../../../src/monitor/domain/doctor/resource-policy.ts';

const RULE = 'arn:aws:events:eu-west-1:111122223333:rule/rotations';
const request = {
  service: 'events.amazonaws.com',
  action: 'sqs:SendMessage',
  sourceArn: RULE,
  account: '111122223333',
};

const allow = {
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: '*',
};
const tls = {
  Effect: 'Deny',
  Principal: '*',
  Action: 'sqs:*',
  Resource: '*',
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};

test.each([
  ['yes', [allow]],
  ['yes', [tls, { ...allow, Condition: { ArnEquals: { 'aws:SourceArn': [`${RULE}-2`, RULE] } } }]],
  ['yes', [{ ...allow, Action: ['sqs:*'], Principal: '*' }]],
  ['no', []],
  ['no', [{ ...allow, Principal: { Service: 'sns.amazonaws.com' } }]],
  ['no', [{ ...allow, Action: 'sqs:ReceiveMessage' }]],
  ['no', [{ ...allow, Condition: { ArnEquals: { 'aws:SourceArn': `${RULE}-2` } } }]],
  ['no', [{ ...allow, Condition: { StringEquals: { 'aws:SourceAccount': '444455556666' } } }]],
  ['no', [allow, { ...allow, Effect: 'Deny' }]],
  ['unknown', [{ ...allow, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }]],
  ['unknown', [{ ...allow, Condition: { DateLessThan: { 'aws:CurrentTime': '2027-01-01' } } }]],
  [
    'unknown',
    [allow, { ...allow, Effect: 'Deny', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }],
  ],
])('%s: %j', (expected, Statement) => {
  expect(admission(JSON.stringify({ Statement }), request)).toBe(expected);
});

test('without a policy nobody is let in, and a text that is none is not understood', () => {
  expect(admission(undefined, request)).toBe('no');
  expect(admission('no JSON', request)).toBe('unknown');
});
