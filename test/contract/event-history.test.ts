import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { describe, expect, test } from 'vitest';
import { formatInstant, HOUR, type Instant, later } from '../../src/calendar/instant.ts';
import {
  cloudtrailEventHistory,
  globalRegion,
} from '../../src/monitor/adapters/cloudtrail/cloudtrail-event-history.ts';
import { memoryEventHistory } from '../../src/monitor/adapters/memory/memory-event-history.ts';
import { type EventHistory, EventHistoryError } from '../../src/monitor/ports/look/event-history.ts';
import { aSecret, NOW } from '../support/builders.ts';
import { aSimulator, sdk, type TestSimulator } from '../support/simulated.ts';
import { eventHistoryContract, type PastCall } from './event-history.suite.ts';

const SPAN = { from: later(NOW, -HOUR), until: NOW };

const failedRotation = (at: Instant) => ({
  eventVersion: '1.11',
  eventTime: formatInstant(at),
  eventSource: 'secretsmanager.amazonaws.com',
  eventName: 'RotationFailed',
  eventType: 'AwsServiceEvent',
  eventID: `failed-${at}`,
  awsRegion: 'eu-west-1',
  recipientAccountId: '111122223333',
  readOnly: false,
  additionalEventData: { SecretId: aSecret().arn },
});

describe('memoryEventHistory', () => {
  eventHistoryContract(async (calls, failedMsAgo = []) => {
    const history = memoryEventHistory();
    for (const [call, name] of calls) history.addCall(call, [name]);
    for (const agoMs of failedMsAgo) {
      const at = later(NOW, -agoMs);
      history.addEnvelope('RotationFailed', at, {
        source: 'aws.secretsmanager',
        'detail-type': 'AWS Service Event via CloudTrail',
        account: '111122223333',
        region: 'eu-west-1',
        detail: failedRotation(at),
      });
    }
    return history;
  });
});

/** Request parameters in which records of a service name their resources. */
const PARAMETERS: Readonly<Record<string, string>> = { 'iam.amazonaws.com': 'roleName' };

const recordOf = ([{ id, at, source, operation, actor }, name]: PastCall) => ({
  eventTime: formatInstant(at),
  eventSource: source,
  eventName: source === 'lambda.amazonaws.com' ? `${operation}20150331v2` : operation,
  eventID: id,
  readOnly: false,
  userIdentity: { arn: actor },
  requestParameters: { [PARAMETERS[source] ?? 'functionName']: name, secret: 'planted-token' },
});

describe('cloudtrailEventHistory', () => {
  const open = (): { simulator: TestSimulator; history: EventHistory } => {
    const simulator = aSimulator();
    simulator.cloudTrail.setLag(0);
    const client = new CloudTrailClient(sdk(simulator));
    return { simulator, history: cloudtrailEventHistory({ regional: client, global: client }) };
  };

  eventHistoryContract(async (calls, failedMsAgo = []) => {
    const { simulator, history } = open();
    for (const call of calls) simulator.cloudTrail.record(recordOf(call));
    for (const agoMs of failedMsAgo) simulator.cloudTrail.record(failedRotation(later(NOW, -agoMs)));
    return history;
  });

  test.each([
    ['denied', 'denied', false],
    ['throttled', 'throttled', true],
    ['server-error', 'server', true],
    ['timeout', 'timeout', true],
  ] as const)('a call that is %s is an error of the port', async (kind, reason, retryable) => {
    const { simulator, history } = open();
    simulator.faults.add({ kind, probability: 1 });
    const failure = await history.envelopes('RotationFailed', SPAN).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EventHistoryError);
    expect(failure).toMatchObject({ reason, retryable });
  });

  test('reads and refused calls change nothing, and parameters are not kept', async () => {
    const { simulator, history } = open();
    const record = recordOf([
      { id: 'e', at: NOW, source: 'lambda.amazonaws.com', operation: 'GetPolicy', actor: undefined },
      'rotate',
    ]);
    simulator.cloudTrail.record({ ...record, readOnly: true });
    simulator.cloudTrail.record({ ...record, errorCode: 'AccessDeniedException' });
    simulator.cloudTrail.record({ ...record, eventName: 'UpdateFunctionCode20150331v2' });
    const { found } = await history.callsOn({ name: 'rotate', isGlobal: false }, SPAN);
    expect(found.map(({ operation }) => operation)).toEqual(['UpdateFunctionCode']);
    expect(JSON.stringify(found)).not.toContain('planted-token');
  });
});

test.each([
  ['eu-west-1', 'us-east-1'],
  ['cn-northwest-1', 'cn-north-1'],
  ['us-gov-east-1', 'us-gov-west-1'],
])('what is global to %s is recorded in %s', (region, expected) => {
  expect(globalRegion(region)).toBe(expected);
});
