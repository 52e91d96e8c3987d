import { AwsError } from '../call/aws-error.ts';
import type { BusEvent, Call, EmitEvent, Input, Operation } from '../call/service.ts';
import { eventTime, requestParameters, userIdentity } from '../cloudtrail/api-call.ts';

/**
 * CloudTrail's names of the operations: most carry the date of their API version.
 * https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
 */
const EVENT_NAMES: Readonly<Record<string, string>> = {
  UpdateFunctionCode: 'UpdateFunctionCode20150331v2',
  UpdateFunctionConfiguration: 'UpdateFunctionConfiguration20150331v2',
  PutFunctionConcurrency: 'PutFunctionConcurrency20171031',
  DeleteFunctionConcurrency: 'DeleteFunctionConcurrency20171031',
  AddPermission: 'AddPermission20150331v2',
  RemovePermission: 'RemovePermission20150331v2',
  DeleteFunction: 'DeleteFunction20150331',
};

/** Never in a record: the code and the environment, which may hold secrets. */
const SENSITIVE: readonly string[] = ['ZipFile', 'Variables'];

/** Lets CloudTrail record every call of the operations, the refused ones included. */
export const recordedWrites = (
  operations: Readonly<Record<string, Operation>>,
  emit: EmitEvent,
): Record<string, Operation> =>
  Object.fromEntries(
    Object.entries(operations).map(([name, work]) => [name, recordedWrite(name, work, emit)]),
  );

const recordedWrite =
  (operation: string, work: Operation, emit: EmitEvent): Operation =>
  async (input, call) => {
    try {
      const output = await work(input, call);
      await emit(writeEvent({ operation, input, call, output }));
      return output;
    } catch (error) {
      if (error instanceof AwsError) await emit(writeEvent({ operation, input, call, error }));
      throw error;
    }
  };

interface EndedWrite {
  readonly operation: string;
  readonly input: Input;
  readonly call: Call;
  readonly output?: unknown;
  readonly error?: AwsError;
}

function writeEvent({ operation, input, call, output, error }: EndedWrite): BusEvent {
  const time = eventTime(call.now);
  return {
    version: '0',
    id: idOf('b', call),
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.lambda',
    account: call.account,
    time,
    region: call.region,
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity: userIdentity(call),
      eventTime: time,
      eventSource: 'lambda.amazonaws.com',
      eventName: EVENT_NAMES[operation] ?? operation,
      awsRegion: call.region,
      sourceIPAddress: '192.0.2.10',
      userAgent: 'aws-sdk-js/3',
      ...(error !== undefined && { errorCode: error.code, errorMessage: error.message }),
      requestParameters: requestParameters(input, SENSITIVE),
      responseElements: functionIn(output),
      requestID: call.requestId,
      eventID: idOf('c', call),
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: call.account,
      eventCategory: 'Management',
    },
  };
}

/** An id of its own for each call, made without chance so that no other chance is shifted by it. */
const idOf = (digit: string, { requestId }: Call): string => `${digit}${requestId.slice(1)}`;

function functionIn(output: unknown): object | null {
  if (typeof output !== 'object' || output === null || !('FunctionArn' in output)) return null;
  return { functionArn: output.FunctionArn };
}
