import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRotationEvent } from '../../../../../src/monitor/adapters/eventbridge/parse-rotation-event.ts';
import { ROTATION_STEPS } from '../../../../../src/monitor/domain/rotation/rotation-event.ts';
import { at, PENDING } from '../../../../support/builders.ts';
import {
  apiCall,
  CALLER,
  FUNCTION_ARN,
  labelUpdated,
  managedEvent,
  notCreatedByFunction,
  rotationFailed,
  SECRET_ARN,
  serviceEvent,
} from '../../../../support/events/envelopes.ts';

const HEAD = {
  id: '0eeeeeee-0000-4000-8000-000000000002',
  at: at('2026-11-21T09:30:00Z'),
  account: '111122223333',
  region: 'eu-west-1',
  secret: { kind: 'arn', arn: SECRET_ARN },
};

test.each([
  ['RotationStarted', 'rotation-started'],
  ['RotationSucceeded', 'rotation-succeeded'],
  ['RotationAbandoned', 'rotation-abandoned'],
  ['TestRotationStarted', 'test-rotation-started'],
  ['TestRotationSucceeded', 'test-rotation-succeeded'],
])('%s becomes %s, with the time of the fact', (name, kind) => {
  expect(parseRotationEvent(serviceEvent(name))).toEqual({ ...HEAD, kind, versionId: PENDING });
});

test.each([
  ['ReplicationStarted', 'replication-started'],
  ['ReplicationSucceeded', 'replication-succeeded'],
  ['ReplicationFailed', 'replication-failed'],
])('%s becomes %s, about no version', (name, kind) => {
  expect(parseRotationEvent(serviceEvent(name))).toEqual({ ...HEAD, kind });
});

test.each(ROTATION_STEPS)('a failure at %s names step, function and version', (step) => {
  expect(parseRotationEvent(rotationFailed(step))).toEqual({
    ...HEAD,
    kind: 'rotation-failed',
    versionId: PENDING,
    step,
    functionArn: FUNCTION_ARN,
    notCreatedByFunction: false,
  });
});

test('a failed test run is distinguished from a failed rotation', () => {
  const envelope = serviceEvent('TestRotationFailed', rotationFailed('testSecret').detail);
  const failedRun = { ...envelope, detail: { ...envelope.detail, eventName: 'TestRotationFailed' } };
  expect(parseRotationEvent(failedRun)).toMatchObject({ kind: 'test-rotation-failed', step: 'testSecret' });
});

test('a failure for want of the RotationToken is recognised', () => {
  expect(parseRotationEvent(notCreatedByFunction)).toMatchObject({
    kind: 'rotation-failed',
    step: undefined,
    functionArn: FUNCTION_ARN,
    notCreatedByFunction: true,
  });
});

test.each([
  ['no message', undefined],
  ['a message that is no text', { text: 'during setSecret step' }],
  ['a step in other words', 'Error when executing lambda during set_secret step'],
  ['a message out of all bounds', `${'x'.repeat(9000)} during setSecret step`],
])('a failure with %s names no step', (_case, errorMessage) => {
  expect(parseRotationEvent(serviceEvent('RotationFailed', { errorMessage }))).toMatchObject({
    kind: 'rotation-failed',
    step: undefined,
    functionArn: undefined,
  });
});

test('a managed rotation names its secret in serviceEventDetails, and no version', () => {
  expect(parseRotationEvent(managedEvent('RotationFailed'))).toEqual({
    ...HEAD,
    kind: 'rotation-failed',
    versionId: undefined,
    step: undefined,
    functionArn: undefined,
    notCreatedByFunction: false,
  });
});

test.each([
  ['another secret', `Rotation-${SECRET_ARN.replace('orders', 'other')}-${PENDING}`],
  ['no version', `Rotation-${SECRET_ARN}`],
  ['something longer', `Rotation-${SECRET_ARN}-${'x'.repeat(65)}`],
  ['something shorter', `Rotation-${SECRET_ARN}-${'x'.repeat(31)}`],
  ['something else', PENDING],
  ['nothing', undefined],
])('a request id about %s names no version', (_case, requestID) => {
  expect(parseRotationEvent(serviceEvent('RotationStarted', { requestID }))).toMatchObject({
    versionId: undefined,
  });
});

test.each(['terraform-20260122045848689200000001', 'x'.repeat(32), 'y'.repeat(64), `job 7/${PENDING}`])(
  'a version id is whatever token the caller chose: %s',
  (versionId) => {
    const requestID = `Rotation-${SECRET_ARN}-${versionId}`;
    expect(parseRotationEvent(serviceEvent('RotationFailed', { requestID }))).toMatchObject({ versionId });
  },
);

test.each([
  ['arn', { arn: SECRET_ARN }],
  ['aRN, as before 2024', { aRN: SECRET_ARN, deletionDate: 'Nov 21, 2026, 9:30:00 AM' }],
  ['ARN', { ARN: SECRET_ARN }],
])('a call is about the ARN its response spells %s', (_case, responseElements) => {
  expect(parseRotationEvent(apiCall('DeleteSecret', {}, { responseElements }))).toEqual({
    ...HEAD,
    kind: 'secret-changed',
    operation: 'DeleteSecret',
    actor: CALLER,
    versionId: undefined,
  });
});

test.each([
  ['a name', 'prod/orders/db'],
  ['an ARN without its suffix', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db'],
  ['an ARN that may lack its suffix', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod-orders'],
])('a call without a response keeps %s as the caller wrote it', (_case, secretId) => {
  const envelope = apiCall('PutSecretValue', { secretId }, { responseElements: null });
  expect(parseRotationEvent(envelope)).toMatchObject({ secret: { kind: 'id', id: secretId } });
});

test('CreateSecret names its secret by name', () => {
  const envelope = apiCall(
    'CreateSecret',
    { secretId: undefined, name: 'new/secret' },
    { responseElements: null },
  );
  expect(parseRotationEvent(envelope)).toMatchObject({ secret: { kind: 'id', id: 'new/secret' } });
});

const TOKEN = '44444444-4444-4444-8444-444444444444';
test.each([
  ['RotateSecret', { clientRequestToken: TOKEN }, {}],
  ['RotateSecret', {}, { versionId: TOKEN }],
  ['CancelRotateSecret', {}, { versionId: TOKEN }],
  ['PutSecretValue', { clientRequestToken: TOKEN, versionStages: ['AWSPENDING'] }, {}],
  ['UpdateSecret', { clientRequestToken: PENDING }, { versionId: TOKEN }],
  ['UpdateSecretVersionStage', { versionStage: 'AWSPENDING', removeFromVersionId: TOKEN }, {}],
  [
    'UpdateSecretVersionStage',
    { versionStage: 'AWSCURRENT', moveToVersionId: TOKEN, removeFromVersionId: PENDING },
    {},
  ],
])('%s is about the version it names', (name, requestParameters, response) => {
  const responseElements = { arn: SECRET_ARN, ...response };
  expect(parseRotationEvent(apiCall(name, requestParameters, { responseElements }))).toMatchObject({
    kind: 'secret-changed',
    operation: name,
    versionId: TOKEN,
  });
});

test('UpdateSecret that makes no version names none, though the SDK sends a token', () => {
  expect(
    parseRotationEvent(apiCall('UpdateSecret', { clientRequestToken: TOKEN, description: 'new' })),
  ).toMatchObject({
    versionId: undefined,
  });
});

test('a call by an AWS service names the service as the actor', () => {
  const userIdentity = { type: 'AWSService', invokedBy: 'rds.amazonaws.com' };
  expect(parseRotationEvent(apiCall('RotateSecret', {}, { userIdentity }))).toMatchObject({
    actor: 'rds.amazonaws.com',
  });
});

test.each(['RestoreSecret', 'TagResource', 'UntagResource'])('%s is a change', (name) => {
  expect(parseRotationEvent(apiCall(name))).toMatchObject({ kind: 'secret-changed', operation: name });
});

test.each(['AWSCURRENT', 'BLUE'])('a moved %s label is reported with its version', (label) => {
  expect(parseRotationEvent(labelUpdated(label))).toEqual({
    ...HEAD,
    id: '0aaaaaaa-0000-4000-8000-000000000001',
    at: at('2026-11-21T09:30:05Z'),
    kind: 'label-moved',
    label,
    versionId: PENDING,
  });
});

test('a label event without resources falls back to the name', () => {
  expect(parseRotationEvent({ ...labelUpdated('AWSCURRENT'), resources: [] })).toMatchObject({
    secret: { kind: 'id', id: 'prod/orders/db' },
  });
});

test('a record that is delivered again, late or corrected, keeps the id of the first', () => {
  const addendum = { reason: 'UPDATED_DATA', originalEventID: '0ddddddd-0000-4000-8000-000000000005' };
  expect(parseRotationEvent(serviceEvent('RotationFailed', { addendum }))).toMatchObject({
    id: addendum.originalEventID,
  });
  const late = { reason: 'DELIVERY_DELAY' };
  expect(parseRotationEvent(serviceEvent('RotationFailed', { addendum: late }))).toMatchObject({
    id: HEAD.id,
  });
});

test('an event without eventTime happened when the envelope says', () => {
  expect(parseRotationEvent(serviceEvent('RotationStarted', { eventTime: 'yesterday' }))).toMatchObject({
    at: at('2026-11-21T09:30:05Z'),
  });
});

test.each([
  [
    'a call that failed',
    apiCall('RotateSecret', {}, { errorCode: 'InvalidRequestException', responseElements: null }),
  ],
  ['a call that only reads', apiCall('DescribeSecret')],
  [
    'the deletion of a version',
    serviceEvent('StartSecretVersionDelete', { additionalEventData: { ARN: SECRET_ARN } }),
  ],
  ['the end of a deletion', serviceEvent('CancelSecretVersionDelete')],
])('%s is ignored', (_case, envelope) => {
  expect(parseRotationEvent(envelope)).toEqual({ kind: 'ignored', id: HEAD.id, reason: expect.any(String) });
});

const started = serviceEvent('RotationStarted');
test.each<[string, unknown, string]>([
  ['no envelope', undefined, 'foreign source'],
  ['a text', 'RotationFailed', 'foreign source'],
  ['another source', { ...started, source: 'aws.kms' }, 'foreign source'],
  ['another detail-type', { ...started, 'detail-type': 'Scheduled Event' }, 'unknown detail-type'],
  ['an unknown service event', serviceEvent('RotationPaused'), 'unknown event name'],
  ['an unknown call', apiCall('PaintSecret'), 'unknown event name'],
  ['a name every object has', serviceEvent('constructor'), 'unknown event name'],
  [
    'a record of another service',
    serviceEvent('RotationStarted', { eventSource: 'kms.amazonaws.com' }),
    'foreign',
  ],
  [
    'a call to another service',
    apiCall('PutSecretValue', {}, { eventSource: 'kms.amazonaws.com' }),
    'foreign',
  ],
  ['a newer major version', serviceEvent('RotationStarted', { eventVersion: '2.0' }), 'newer record'],
  ['no secret', serviceEvent('RotationStarted', { additionalEventData: null }), 'no secret named'],
  [
    'a secret out of all bounds',
    apiCall('PutSecretValue', { secretId: 'x'.repeat(3000) }, { responseElements: null }),
    'no secret named',
  ],
  ['no time', { ...serviceEvent('RotationStarted', { eventTime: 1 }), time: null }, 'no id, time'],
  ['no account', { ...started, account: null }, 'no id, time'],
  ['no id', { ...serviceEvent('RotationStarted', { eventID: null }), id: '' }, 'no id, time'],
  ['a label without a version', labelUpdated('AWSCURRENT', ''), 'no label or version'],
  [
    'a label without a secret',
    { ...labelUpdated('X'), resources: [], detail: { labelUpdated: 'X', versionId: PENDING } },
    'no secret named',
  ],
  ['a label without a time', { ...labelUpdated('X'), time: 'now' }, 'no id, time'],
])('%s is not recognised', (_case, envelope, reason) => {
  expect(parseRotationEvent(envelope)).toMatchObject({
    kind: 'unrecognised',
    reason: expect.stringContaining(reason),
  });
});

const SAMPLES = [
  started,
  rotationFailed('setSecret'),
  managedEvent('RotationSucceeded'),
  apiCall('PutSecretValue'),
  labelUpdated('AWSCURRENT'),
];

test('no JSON makes the parser throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.constantFrom(...SAMPLES), (any, detail, sample) => {
      for (const envelope of [any, { ...sample, detail }, { ...sample, resources: any }]) {
        expect(parseRotationEvent(envelope)).toHaveProperty('kind');
      }
    }),
  );
});

test('no change of one field makes the parser throw, and reasons never repeat what an event says', () => {
  const field = fc.constantFrom(...Object.keys(started), ...Object.keys(started.detail));
  fc.assert(
    fc.property(fc.constantFrom(...SAMPLES), field, fc.jsonValue(), (sample, key, value) => {
      const changed = { ...sample, [key]: value, detail: { ...sample.detail, [key]: value } };
      const event = parseRotationEvent(changed);
      if ('reason' in event) expect(event.reason).toMatch(/^[a-z ,-]+$/);
    }),
    { numRuns: 500 },
  );
});
