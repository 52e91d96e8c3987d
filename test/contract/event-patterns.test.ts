import { expect, test } from 'vitest';
import { DAY, later } from '../../src/calendar/instant.ts';
import {
  type EventPattern,
  LABEL_UPDATED,
  ROTATION_OUTCOMES,
  SECRET_CHANGES,
} from '../../src/monitor/domain/rotation/event-patterns.ts';
import { compilePattern, matchesPattern } from '../../src/simulator/eventbridge/pattern.ts';
import { START } from '../support/deployed.ts';
import {
  apiCall,
  labelUpdated,
  managedEvent,
  notCreatedByFunction,
  rotationFailed,
  serviceEvent,
} from '../support/events/envelopes.ts';
import { aSimulator } from '../support/simulated.ts';

const PATTERNS: Readonly<Record<string, EventPattern>> = { ROTATION_OUTCOMES, SECRET_CHANGES, LABEL_UPDATED };

const matching = (event: unknown): readonly string[] =>
  Object.entries(PATTERNS).flatMap(([name, pattern]) =>
    matchesPattern(compilePattern(JSON.stringify(pattern)), event) ? [name] : [],
  );

test.each([
  'RotationStarted',
  'RotationSucceeded',
  'RotationFailed',
  'RotationAbandoned',
  'TestRotationStarted',
  'TestRotationSucceeded',
  'TestRotationFailed',
  'ReplicationStarted',
  'ReplicationSucceeded',
  'ReplicationFailed',
])('%s reaches the rotation queue, also from managed rotation', (name) => {
  expect(matching(serviceEvent(name))).toEqual(['ROTATION_OUTCOMES']);
  expect(matching(managedEvent(name))).toEqual(['ROTATION_OUTCOMES']);
});

test('failures reach the rotation queue whatever their text', () => {
  expect(matching(rotationFailed('finishSecret'))).toEqual(['ROTATION_OUTCOMES']);
  expect(matching(notCreatedByFunction)).toEqual(['ROTATION_OUTCOMES']);
});

test.each(['StartSecretVersionDelete', 'EndSecretVersionDelete', 'SecretVersionDeletion'])(
  '%s reaches no queue',
  (name) => {
    expect(matching(serviceEvent(name))).toEqual([]);
  },
);

test.each([
  'RotateSecret',
  'CancelRotateSecret',
  'PutSecretValue',
  'UpdateSecret',
  'UpdateSecretVersionStage',
  'CreateSecret',
  'DeleteSecret',
  'RestoreSecret',
  'TagResource',
  'UntagResource',
])('%s reaches the rotation queue', (name) => {
  expect(matching(apiCall(name))).toEqual(['SECRET_CHANGES']);
});

test.each([
  'DescribeSecret',
  'ListSecrets',
  'GetResourcePolicy',
  'PutResourcePolicy',
  'ValidateResourcePolicy',
])('%s reaches no queue', (name) => {
  expect(matching(apiCall(name))).toEqual([]);
});

test('a rotation outcome under the detail-type of API calls, where AWS never sends it, reaches no queue', () => {
  expect(
    matching({ ...serviceEvent('RotationSucceeded'), 'detail-type': 'AWS API Call via CloudTrail' }),
  ).toEqual([]);
});

test('a label event reaches its queue for AWSCURRENT only', () => {
  expect(matching(labelUpdated('AWSCURRENT'))).toEqual(['LABEL_UPDATED']);
  expect(matching(labelUpdated('blue'))).toEqual([]);
});

test.each([ROTATION_OUTCOMES, SECRET_CHANGES])(
  'the same event of another service reaches no queue',
  (pattern) => {
    const [name = ''] = pattern.detail['eventName'] ?? [];
    const foreign = {
      ...serviceEvent(name),
      source: 'aws.kms',
      detail: { eventSource: 'kms.amazonaws.com', eventName: name },
    };
    expect(matching(foreign)).toEqual([]);
  },
);

test('every pattern is short enough for PutRule', () => {
  for (const pattern of Object.values(PATTERNS))
    expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(4096);
});

test('every event of a simulated week reaches exactly one queue or is none of ours', async () => {
  const simulator = aSimulator(START);
  const seen = new Map<string, readonly string[]>();
  const Arn = simulator.functions.register('witness', (event) => {
    const { 'detail-type': type, detail } = event as {
      'detail-type': string;
      detail: Record<string, unknown>;
    };
    seen.set(`${type} ${String(detail['eventName'] ?? detail['labelUpdated'])}`, matching(event));
  });
  await simulator.call(
    'events',
    'PutRule',
    { Name: 'all', EventPattern: '{"source":[{"prefix":""}]}' },
    'deployer',
  );
  await simulator.call('events', 'PutTargets', { Rule: 'all', Targets: [{ Id: 'w', Arn }] }, 'deployer');
  const { secretsManager } = simulator;
  secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  secretsManager.functions.register({ name: 'broken', behaviour: 'error', step: 'setSecret' });
  secretsManager.seed({ name: 'daily', kind: 'function', function: 'rotate', schedule: 'rate(1 day)' });
  secretsManager.seed({ name: 'broken', kind: 'function', function: 'broken', schedule: 'rate(1 day)' });
  await simulator.clock.advanceTo(later(START, 3 * DAY));
  const call = (operation: string, input: object) =>
    simulator.call('secretsmanager', operation, { SecretId: 'broken', ...input }, 'operator');
  await call('CancelRotateSecret', {});
  await call('TagResource', { Tags: [{ Key: 'team', Value: 'payments' }] });
  await call('DeleteSecret', {});
  await simulator.clock.advance(DAY);
  expect(Object.fromEntries([...seen].sort())).toEqual({
    'AWS API Call via CloudTrail CancelRotateSecret': ['SECRET_CHANGES'],
    'AWS API Call via CloudTrail DeleteSecret': ['SECRET_CHANGES'],
    'AWS API Call via CloudTrail PutSecretValue': ['SECRET_CHANGES'],
    'AWS API Call via CloudTrail TagResource': ['SECRET_CHANGES'],
    'AWS API Call via CloudTrail UpdateSecretVersionStage': ['SECRET_CHANGES'],
    'AWS Service Event via CloudTrail RotationFailed': ['ROTATION_OUTCOMES'],
    'AWS Service Event via CloudTrail RotationStarted': ['ROTATION_OUTCOMES'],
    'AWS Service Event via CloudTrail RotationSucceeded': ['ROTATION_OUTCOMES'],
    'Secret Label Updated AWSCURRENT': ['LABEL_UPDATED'],
  });
});
