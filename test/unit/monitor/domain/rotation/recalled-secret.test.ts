import { expect, test } from 'vitest';
import { parseRotationEvent } from '../../../../../src/monitor/adapters/eventbridge/parse-rotation-event.ts';
import { recalled, unrecalled } from '../../../../../src/monitor/domain/rotation/recalled-secret.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { arn, at, CURRENT, PENDING } from '../../../../support/builders.ts';
import {
  apiCall,
  type Envelope,
  FUNCTION_ARN,
  labelUpdated,
  rotationFailed,
  SECRET_ARN,
  serviceEvent,
} from '../../../../support/events/envelopes.ts';

const BEFORE = 'version-in-use-before-these-events';

/** The secret after events, in their order. */
function after(...envelopes: readonly Envelope[]): Secret {
  return envelopes.reduce(
    (known, envelope) => {
      const event = parseRotationEvent(envelope);
      if ('reason' in event) throw new Error(event.reason);
      return recalled(known, event);
    },
    unrecalled(arn(SECRET_ARN)),
  ).secret;
}

const started = serviceEvent('RotationStarted');
const succeeded = serviceEvent('RotationSucceeded');

test('a rotation that began has a pending version beside the one in use', () => {
  expect(after(started)).toMatchObject({
    name: 'prod/orders/db',
    rotationEnabled: true,
    versionStages: { [BEFORE]: ['AWSCURRENT'], [PENDING]: ['AWSPENDING'] },
  });
});

test('a rotation that succeeded leaves AWSPENDING on the version that is in use, as in Secrets Manager', () => {
  const secret = after(started, succeeded);
  expect(secret.versionStages).toEqual({
    [BEFORE]: ['AWSPREVIOUS'],
    [PENDING]: ['AWSPENDING', 'AWSCURRENT'],
  });
  expect(secret.lastRotatedAt).toBe(at('2026-11-21T09:30:00Z'));
});

test('a success that names no version is that of the pending one', () => {
  const unnamed = serviceEvent('RotationSucceeded', { requestID: '0fffffff-0000-4000-8000-000000000003' });
  expect(after(started, unnamed).versionStages[PENDING]).toContain('AWSCURRENT');
  expect(after(unnamed).versionStages).toEqual({ [BEFORE]: ['AWSCURRENT'] });
});

test('a failure names the function, and makes nothing pending that is in use already', () => {
  expect(after(rotationFailed('setSecret'))).toMatchObject({
    rotationFunctionArn: FUNCTION_ARN,
    versionStages: { [PENDING]: ['AWSPENDING'] },
  });
  expect(after(started, succeeded, rotationFailed('finishSecret')).versionStages[BEFORE]).toEqual([
    'AWSPREVIOUS',
  ]);
});

test('the pending label is gone after an abandoned rotation, and after a call that takes it away', () => {
  const taken = apiCall('UpdateSecretVersionStage', {
    versionStage: 'AWSPENDING',
    removeFromVersionId: PENDING,
  });
  for (const end of [serviceEvent('RotationAbandoned'), taken])
    expect(after(started, end).versionStages).toEqual({ [BEFORE]: ['AWSCURRENT'] });
  const other = apiCall('UpdateSecretVersionStage', { versionStage: 'BLUE', moveToVersionId: CURRENT });
  expect(after(started, other).versionStages[PENDING]).toEqual(['AWSPENDING']);
});

test('AWSCURRENT moves by its native event and by a value that is put', () => {
  expect(after(labelUpdated('AWSCURRENT')).versionStages[PENDING]).toEqual(['AWSCURRENT']);
  expect(after(labelUpdated('BLUE')).versionStages).toEqual({ [BEFORE]: ['AWSCURRENT'] });
  const put = apiCall('PutSecretValue', { clientRequestToken: CURRENT });
  expect(after(put).versionStages).toEqual({ [BEFORE]: ['AWSPREVIOUS'], [CURRENT]: ['AWSCURRENT'] });
});

test.each([
  ['CancelRotateSecret', { rotationEnabled: false }],
  ['DeleteSecret', { deletedAt: at('2026-11-21T09:30:00Z') }],
])('%s is remembered, and its opposite takes it back', (operation, expected) => {
  expect(after(apiCall(operation))).toMatchObject(expected);
  const back = operation === 'DeleteSecret' ? 'RestoreSecret' : 'RotateSecret';
  expect(after(apiCall(operation), apiCall(back))).toMatchObject({
    rotationEnabled: true,
    deletedAt: undefined,
  });
});

test('a secret that is made does not rotate until RotateSecret', () => {
  const made = apiCall('CreateSecret', { name: 'prod/orders/db', clientRequestToken: CURRENT });
  expect(after(made)).toMatchObject({
    rotationEnabled: undefined,
    versionStages: { [CURRENT]: ['AWSCURRENT'] },
  });
  expect(after(made, apiCall('RotateSecret')).rotationEnabled).toBe(true);
});
