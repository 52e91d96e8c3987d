import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changingCall,
  envelopeOf,
  readRecord,
} from '../../../../../src/monitor/adapters/cloudtrail/cloudtrail-event-history.ts';
import { parseRotationEvent } from '../../../../../src/monitor/adapters/eventbridge/parse-rotation-event.ts';
import { aSecret, at, PENDING } from '../../../../support/builders.ts';

const RECORD = {
  eventVersion: '1.11',
  userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/deployer/alex' },
  eventTime: '2026-11-21T09:00:00Z',
  eventSource: 'lambda.amazonaws.com',
  eventName: 'UpdateFunctionConfiguration20150331v2',
  awsRegion: 'eu-west-1',
  requestParameters: { functionName: 'rotate', environment: { variables: { PASSWORD: 'planted-token' } } },
  responseElements: { description: 'planted-token' },
  eventID: 'e-1',
  readOnly: false,
  eventType: 'AwsApiCall',
  recipientAccountId: '111122223333',
};

describe('changingCall()', () => {
  test('keeps who, what and when, and nothing of what was passed', () => {
    const call = changingCall(RECORD);
    expect(call).toEqual({
      id: 'e-1',
      at: at('2026-11-21T09:00:00Z'),
      source: 'lambda.amazonaws.com',
      operation: 'UpdateFunctionConfiguration',
      actor: 'arn:aws:sts::111122223333:assumed-role/deployer/alex',
    });
    expect(JSON.stringify(call)).not.toContain('planted-token');
  });

  test.each([
    ['PutFunctionConcurrency20171031', 'PutFunctionConcurrency'],
    ['DeleteFunction20150331', 'DeleteFunction'],
    ['UpdateFunctionCode', 'UpdateFunctionCode'],
    ['PutSecretValue', 'PutSecretValue'],
  ])('%s is the operation %s', (eventName, operation) => {
    expect(changingCall({ ...RECORD, eventName })?.operation).toBe(operation);
  });

  test.each([
    ['a read', { readOnly: true }],
    ['a refused call', { errorCode: 'AccessDenied' }],
    ['no id', { eventID: undefined }],
    ['no time', { eventTime: 'yesterday' }],
    ['a number for a name', { eventName: 7 }],
  ])('%s changes nothing', (_what, given) => {
    expect(changingCall({ ...RECORD, ...given })).toBeUndefined();
  });

  test('a service that called is the caller', () => {
    const userIdentity = { type: 'AWSService', invokedBy: 'cloudformation.amazonaws.com' };
    expect(changingCall({ ...RECORD, userIdentity })?.actor).toBe('cloudformation.amazonaws.com');
  });
});

test('the envelope of a record is read as the one that should have come', () => {
  const { arn } = aSecret();
  const record = {
    ...RECORD,
    userIdentity: { accountId: '111122223333', invokedBy: 'secretsmanager.amazonaws.com' },
    eventSource: 'secretsmanager.amazonaws.com',
    eventName: 'RotationFailed',
    eventType: 'AwsServiceEvent',
    errorMessage:
      'Error when executing lambda arn:aws:lambda:eu-west-1:111122223333:function:r during setSecret step',
    additionalEventData: { SecretId: arn },
    requestID: `Rotation-${arn}-${PENDING}`,
  };
  expect(parseRotationEvent(envelopeOf(record))).toMatchObject({
    kind: 'rotation-failed',
    id: 'e-1',
    step: 'setSecret',
    versionId: PENDING,
    secret: { kind: 'arn', arn },
  });
});

test.each([undefined, '', 'no json', 'null', '[]', '"text"'])('%j is no record', (text) => {
  expect(readRecord(text)).toBeUndefined();
});

test('whatever a record holds, reading it fails nothing', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...Object.keys(RECORD)), fc.jsonValue()), (record) => {
      changingCall(record);
      parseRotationEvent(envelopeOf(record));
    }),
  );
});
