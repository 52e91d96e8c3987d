import { AwsError } from '../../call/aws-error.ts';
import type { Call, Input, Operation } from '../../call/service.ts';
import { eventTime, requestParameters, userIdentity } from '../../cloudtrail/api-call.ts';
import type { TrailRecord } from '../../cloudtrail/trail-record.ts';
import type { Core } from '../store/core.ts';
import { isObject } from '../store/read-input.ts';

/** Reads, which CloudTrail's event history holds as it holds changes; buses get them from rules that ask for them only. */
export const recordedReads = (
  core: Core,
  table: Readonly<Record<string, Operation>>,
): Readonly<Record<string, Operation>> =>
  Object.fromEntries(Object.entries(table).map(([name, work]) => [name, recordedRead(core, name, work)]));

function recordedRead(core: Core, operation: string, work: Operation): Operation {
  return (input, call) => {
    try {
      const output = work(input, call);
      core.noteRead(call.now, operation, () => readRecord(operation, input, call));
      if (operation === 'GetSecretValue') noteKeyUse(core, 'Decrypt', output, call);
      return output;
    } catch (error) {
      if (error instanceof AwsError) {
        const failure = { errorCode: error.code, errorMessage: error.message };
        core.noteRead(call.now, operation, () => ({ ...readRecord(operation, input, call), ...failure }));
      }
      throw error;
    }
  };
}

const readRecord = (operation: string, input: Input, call: Call): TrailRecord => ({
  ...common(call),
  eventSource: 'secretsmanager.amazonaws.com',
  eventName: operation,
  sourceIPAddress: '192.0.2.10',
  userAgent: 'aws-sdk-js/3',
  requestParameters: Object.keys(input).length === 0 ? null : requestParameters(input, []),
  eventID: `d${call.requestId.slice(1)}`,
});

/**
 * Notes the use of a key that a call brings with it; KMS events cannot be kept out of the event history.
 * https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html
 */
export function noteKeyUse(core: Core, eventName: string, output: unknown, call: Call): void {
  const { ARN, VersionId } = isObject(output) ? output : {};
  core.noteRead(call.now, eventName, () => ({
    ...common(call),
    eventSource: 'kms.amazonaws.com',
    eventName,
    sourceIPAddress: 'secretsmanager.amazonaws.com',
    userAgent: 'secretsmanager.amazonaws.com',
    requestParameters: { encryptionContext: { SecretARN: ARN, SecretVersionId: VersionId } },
    eventID: `e${call.requestId.slice(1)}`,
  }));
}

const common = (call: Call): TrailRecord => ({
  eventVersion: '1.11',
  userIdentity: userIdentity(call),
  eventTime: eventTime(call.now),
  awsRegion: call.region,
  responseElements: null,
  requestID: call.requestId,
  readOnly: true,
  eventType: 'AwsApiCall',
  managementEvent: true,
  recipientAccountId: call.account,
  eventCategory: 'Management',
});
