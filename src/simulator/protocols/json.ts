import { AwsError } from '../call/aws-error.ts';
import type { Input, ServiceName } from '../call/service.ts';
import { credentialScope } from './credential.ts';
import type { Exchange, Protocol, WireRequest, WireResponse } from './wire.ts';

/** The services that speak AWS JSON, by the prefix of X-Amz-Target. */
const TARGETS: Readonly<Record<string, ServiceName>> = {
  secretsmanager: 'secretsmanager',
  AWSEvents: 'events',
  AWSOrganizationsV20161128: 'organizations',
  GraniteServiceVersion20100801: 'monitoring',
  AmazonSQS: 'sqs',
  DynamoDB_20120810: 'dynamodb',
  AmazonSSM: 'ssm',
  CloudTrail_20131101: 'cloudtrail',
  Logs_20140328: 'logs',
  TrentService: 'kms',
};

/**
 * AWS JSON 1.0 and 1.1: the operation stands in X-Amz-Target, times are epoch seconds.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export const jsonProtocol: Protocol = (request, exchange) => {
  const target = request.headers['x-amz-target'];
  return target === undefined ? undefined : answer(target, request, exchange);
};

async function answer(target: string, request: WireRequest, exchange: Exchange): Promise<WireResponse> {
  const type = request.headers['content-type'] ?? TYPE;
  const requestId = exchange.requestId();
  // Older clients write the name of a Java package before the prefix.
  const [prefix = '', operation = ''] = target.split('.').slice(-2);
  try {
    const service = Object.hasOwn(TARGETS, prefix) ? TARGETS[prefix] : undefined;
    if (service === undefined) throw new AwsError('UnknownOperationException', `Unknown target "${target}"`);
    const output = await exchange.dispatch({
      service,
      operation,
      input: parseJson(request.body),
      role: request.role,
    });
    const headers = { 'content-type': type, 'x-amzn-requestid': requestId };
    return { status: 200, headers, body: encodeJson(output ?? {}) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return refusedJson(error, prefix, requestId, type);
  }
}

const TYPE = 'application/x-amz-json-1.1';

/** The answer to a call of AWS JSON that failed. */
export const refusedJson = (
  error: AwsError,
  prefix: string,
  requestId: string,
  type: string = TYPE,
): WireResponse => ({
  status: error.status,
  headers: { 'content-type': type, 'x-amzn-requestid': requestId, ...errorHeaders(error) },
  body: JSON.stringify({ __type: error.code, [messageMember(error.code, prefix)]: error.message }),
});

/** Modelled errors of Secrets Manager spell `Message`; those that no model has do not. */
const messageMember = (code: string, prefix: string): 'message' | 'Message' =>
  prefix === 'secretsmanager' && !UNMODELLED.includes(code) ? 'Message' : 'message';

const UNMODELLED: readonly string[] = [
  'AccessDeniedException',
  'SerializationException',
  'ThrottlingException',
  'UnknownOperationException',
  'ValidationException',
];

/** The object in a body; an empty one when there is no body. */
export function parseJson(body: string): Input {
  const value = body === '' ? {} : parsed(body);
  if (isObject(value)) return value;
  throw new AwsError('SerializationException', 'Start of structure or map found where not expected.');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON.');
  }
}

const isObject = (value: unknown): value is Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Error names of the older query protocol that clients of SQS and CloudWatch still show. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  InvalidParameterCombinationException: 'InvalidParameterCombination',
  InvalidParameterValueException: 'InvalidParameterValue',
  QueueNameExists: 'QueueAlreadyExists',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
};

function errorHeaders({ code }: AwsError): Record<string, string> {
  const queryCode = QUERY_CODES[code];
  return {
    'x-amzn-errortype': code,
    ...(queryCode !== undefined && { 'x-amzn-query-error': `${queryCode};Sender` }),
  };
}

/** JSON with points in time as epoch seconds and bytes as base64. */
export const encodeJson = (value: unknown): string => JSON.stringify(plain(value));

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) copy[key] = plain(member);
  return copy;
}

/** https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Operations.html */
const OPERATIONS: Readonly<Record<string, string>> = {
  'POST /findings': 'GetFindings',
  'POST /findings/import': 'BatchImportFindings',
};

/** Security Hub's REST protocol: JSON in and out. What is signed for it and not simulated is refused by its path. */
export const restSecurityHubProtocol: Protocol = (request, exchange) =>
  credentialScope(request.headers['authorization'])?.service === 'securityhub'
    ? answerSecurityHub(request, exchange)
    : undefined;

async function answerSecurityHub(request: WireRequest, exchange: Exchange): Promise<WireResponse> {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': exchange.requestId() };
  const asked = `${request.method} ${request.path.replace(/\/$/, '')}`;
  const operation = OPERATIONS[asked] ?? asked;
  try {
    const input = parseJson(request.body);
    const output = await exchange.dispatch({ service: 'securityhub', operation, input, role: request.role });
    return { status: 200, headers, body: encodeJson(output) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const body = JSON.stringify({ Code: error.code, Message: error.message });
    return { status: error.status, headers: { ...headers, 'x-amzn-errortype': error.code }, body };
  }
}
