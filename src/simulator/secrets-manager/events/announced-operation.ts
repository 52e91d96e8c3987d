import { AwsError } from '../../call/aws-error.ts';
import type { BusEvent, Call, Input, Operation } from '../../call/service.ts';
import { requestParameters, userIdentity } from '../../cloudtrail/api-call.ts';
import type { Core, CoreOperation } from '../store/core.ts';
import { isObject, lowerFirst } from '../store/read-input.ts';
import { cloudTrailEvent } from './bus-events.ts';
import { noteKeyUse } from './recorded-read.ts';

/** Operations whose calls CloudTrail sends to the bus, the refused ones included. */
export const announcedAll = (
  core: Core,
  table: Readonly<Record<string, CoreOperation>>,
): Readonly<Record<string, Operation>> =>
  Object.fromEntries(Object.entries(table).map(([name, work]) => [name, announced(core, name, work)]));

function announced(core: Core, operation: string, work: CoreOperation): Operation {
  return async (input, call) => {
    try {
      const output = work(input, call);
      core.outbox.pushFirst(apiCallEvent(core, { operation, input, call, outcome: { output } }));
      if (isEncrypting(operation, output)) noteKeyUse(core, 'GenerateDataKey', output, call);
      return output;
    } catch (error) {
      if (error instanceof AwsError) {
        core.outbox.pushFirst(apiCallEvent(core, { operation, input, call, outcome: { error } }));
      }
      throw error;
    } finally {
      await core.outbox.flush();
    }
  };
}

/** True for a call that has put a value. */
const isEncrypting = (operation: string, output: unknown): boolean =>
  ['CreateSecret', 'PutSecretValue', 'UpdateSecret'].includes(operation) &&
  isObject(output) &&
  output['VersionId'] !== undefined;

/** A call that ended one way or the other. */
interface EndedCall {
  readonly operation: string;
  readonly input: Input;
  readonly call: Call;
  readonly outcome: { readonly output: unknown } | { readonly error: AwsError };
}

/** Never in an event: CloudTrail leaves sensitive members out. */
const SENSITIVE: readonly string[] = ['SecretString', 'SecretBinary', 'RotationToken'];

/** Fields of answers that CloudTrail keeps, as far as published records show it. */
const RESPONSE_ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  CreateSecret: ['ARN'],
  PutSecretValue: ['ARN'],
  UpdateSecret: ['ARN', 'Name', 'VersionId'],
  UpdateSecretVersionStage: ['ARN', 'Name'],
  RotateSecret: ['ARN', 'Name', 'VersionId'],
  CancelRotateSecret: ['ARN', 'Name', 'VersionId'],
  DeleteSecret: ['ARN', 'Name', 'DeletionDate'],
  RestoreSecret: ['ARN', 'Name'],
  ReplicateSecretToRegions: ['ARN'],
  RemoveRegionsFromReplication: ['ARN'],
  StopReplicationToReplica: ['ARN'],
};

/** The CloudTrail record of an API call, as EventBridge delivers it. It never carries a secret value. */
function apiCallEvent(core: Core, { operation, input, call, outcome }: EndedCall): BusEvent {
  const failure = 'error' in outcome ? outcome.error : undefined;
  return cloudTrailEvent(core, 'AWS API Call via CloudTrail', call.now, {
    userIdentity: userIdentity(call),
    eventName: operation,
    sourceIPAddress: '192.0.2.10',
    userAgent: 'aws-sdk-js/3',
    ...(failure !== undefined && { errorCode: failure.code, errorMessage: failure.message }),
    requestParameters: requestParameters(input, SENSITIVE),
    responseElements: 'output' in outcome ? responseElements(operation, outcome.output) : null,
    requestID: call.requestId,
    eventType: 'AwsApiCall',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: `secretsmanager.${call.region}.amazonaws.com`,
    },
  });
}

function responseElements(operation: string, output: unknown): Record<string, unknown> | null {
  const kept = RESPONSE_ELEMENTS[operation];
  if (kept === undefined || !isObject(output)) return null;
  const members = kept.filter((key) => output[key] !== undefined);
  return Object.fromEntries(members.map((key) => [responseKey(key), shown(output[key])]));
}

/** `arn` since February 2024, `aRN` in some operations before. */
const responseKey = (key: string) => (key === 'ARN' ? 'arn' : lowerFirst(key));

const shown = (value: unknown) => (value instanceof Date ? localised(value) : value);

/** `Nov 8, 2026, 10:00:00 AM`: the one date in these records that is not ISO 8601. */
function localised(date: Date): string {
  const format = new Intl.DateTimeFormat('en-US', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone: 'UTC',
  });
  return format.format(date).replaceAll('\u202f', ' ');
}
