import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import type { Input } from '../call/service.ts';
import { encodeJson, jsonProtocol, parseJson, restSecurityHubProtocol } from './json.ts';
import { queryProtocol } from './query.ts';
import { restS3Protocol } from './rest-s3.ts';
import type { Exchange, Protocol, WireRequest, WireResponse } from './wire.ts';

const RESOURCE = /^\/(schedules|schedule-groups)(?:\/([^/]+))?\/?$/;

/** Operations by method, resource, and whether one is named. */
const OPERATIONS: Readonly<Record<string, string>> = {
  'POST schedules named': 'CreateSchedule',
  'GET schedules named': 'GetSchedule',
  'PUT schedules named': 'UpdateSchedule',
  'DELETE schedules named': 'DeleteSchedule',
  'GET schedules': 'ListSchedules',
  'POST schedule-groups named': 'CreateScheduleGroup',
  'GET schedule-groups named': 'GetScheduleGroup',
  'DELETE schedule-groups named': 'DeleteScheduleGroup',
  'GET schedule-groups': 'ListScheduleGroups',
};

/** Members that the query string calls otherwise. */
const QUERY_NAMES: Readonly<Record<string, string>> = {
  groupName: 'GroupName',
  ScheduleGroup: 'GroupName',
  clientToken: 'ClientToken',
};

/**
 * EventBridge Scheduler's REST protocol: JSON in and out, names in the path.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html
 */
const restSchedulerProtocol: Protocol = (request, exchange) => {
  const [, resource, name] = RESOURCE.exec(request.path) ?? [];
  const operation = OPERATIONS[`${request.method} ${resource}${name === undefined ? '' : ' named'}`];
  return operation === undefined ? undefined : answerSchedule({ operation, name, request }, exchange);
};

interface Asked {
  readonly operation: string;
  readonly name: string | undefined;
  readonly request: WireRequest;
}

async function answerSchedule(
  { operation, name, request }: Asked,
  exchange: Exchange,
): Promise<WireResponse> {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': exchange.requestId() };
  const { role, body } = request;
  try {
    const input: Input = {
      ...parseJson(body),
      ...queryMembers(request.query),
      ...(name === undefined ? {} : { Name: decodeURIComponent(name) }),
    };
    const output = await exchange.dispatch({ service: 'scheduler', operation, input, role });
    return { status: 200, headers, body: encodeJson(output ?? {}) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const text = JSON.stringify({ Message: error.message });
    return { status: error.status, headers: { ...headers, 'x-amzn-errortype': error.code }, body: text };
  }
}

const queryMembers = (query: WireRequest['query']): Input =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [QUERY_NAMES[name] ?? name, value]));

interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Pattern of the path after the name of the function. */
  readonly rest: RegExp;
  readonly operation: string;
  /** HTTP status of success. */
  readonly status: number;
}

const route = (method: Route['method'], rest: RegExp, operation: string, status: number = 200): Route => ({
  method,
  rest,
  operation,
  status,
});

/** https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html */
const ROUTES: readonly Route[] = [
  route('POST', /^\/invocations$/, 'Invoke'),
  route('GET', /^$/, 'GetFunction'),
  route('DELETE', /^$/, 'DeleteFunction', 204),
  route('GET', /^\/configuration$/, 'GetFunctionConfiguration'),
  route('PUT', /^\/configuration$/, 'UpdateFunctionConfiguration'),
  route('PUT', /^\/code$/, 'UpdateFunctionCode'),
  route('GET', /^\/concurrency$/, 'GetFunctionConcurrency'),
  route('PUT', /^\/concurrency$/, 'PutFunctionConcurrency'),
  route('DELETE', /^\/concurrency$/, 'DeleteFunctionConcurrency', 204),
  route('GET', /^\/policy$/, 'GetPolicy'),
  route('POST', /^\/policy$/, 'AddPermission', 201),
  route('DELETE', /^\/policy\/(?<StatementId>[^/]+)$/, 'RemovePermission', 204),
];

/** Answers requests that concern no single function. */
const mappingsProtocol: Protocol = (request, exchange) => {
  const [, resource, UUID] = ACCOUNT.exec(request.path) ?? [];
  const operation = ACCOUNT_OPERATIONS[`${request.method} ${resource}${UUID === undefined ? '' : '/UUID'}`];
  if (operation === undefined) return undefined;
  const named: Input = UUID === undefined ? request.query : { UUID };
  return answerInvocation({ request, exchange, route: route('GET', /^/, operation), named });
};

const ACCOUNT = /^\/20\d\d-\d\d-\d\d\/(event-source-mappings|account-settings|functions)(?:\/([^/]+))?\/?$/;

const ACCOUNT_OPERATIONS: Readonly<Record<string, string>> = {
  'GET event-source-mappings': 'ListEventSourceMappings',
  'PUT event-source-mappings/UUID': 'UpdateEventSourceMapping',
  'GET functions': 'ListFunctions',
  'GET account-settings': 'GetAccountSettings',
};

/** Operations differ in the date of their version, which does not decide anything. */
const FUNCTION = /^\/20\d\d-\d\d-\d\d\/functions\/([^/]+)(\/.*?)?\/?$/;

/** Lambda's REST protocol: the function stands in the path, everything else in a JSON body. */
const restLambdaProtocol: Protocol = (request, exchange) => {
  const [, name, rest = ''] = FUNCTION.exec(request.path) ?? [];
  const found = ROUTES.find((each) => each.method === request.method && each.rest.test(rest));
  if (name === undefined || found === undefined) return undefined;
  const FunctionName = decodeURIComponent(name);
  return answerInvocation({
    request,
    exchange,
    route: found,
    named: { FunctionName, ...found.rest.exec(rest)?.groups },
  });
};

interface Routed {
  readonly request: WireRequest;
  readonly exchange: Exchange;
  readonly route: Route;
  /** Input fields that the path names. */
  readonly named: Input;
}

async function answerInvocation({
  request,
  exchange,
  route: { operation, status },
  named,
}: Routed): Promise<WireResponse> {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': exchange.requestId() };
  try {
    const input = operation === 'Invoke' ? invocationOf(request) : parseJson(request.body);
    const output = await exchange.dispatch({
      service: 'lambda',
      operation,
      input: { ...input, ...named },
      role: request.role,
    });
    if (operation === 'Invoke') return invoked(output, headers);
    return { status, headers, body: status === 204 ? '' : encodeJson(output ?? {}) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const body = JSON.stringify({ Type: error.status < 500 ? 'User' : 'Service', Message: error.message });
    return { status: error.status, headers: { ...headers, 'x-amzn-errortype': error.code }, body };
  }
}

const invocationOf = ({ headers, body }: WireRequest): Input => ({
  InvocationType: headers['x-amz-invocation-type'] ?? 'RequestResponse',
  Payload: body,
});

const invocation = z.object({
  StatusCode: z.number(),
  FunctionError: z.string().optional(),
  Payload: z.string(),
});

function invoked(output: unknown, headers: Record<string, string>): WireResponse {
  const { StatusCode, FunctionError, Payload } = invocation.parse(output);
  const failed = FunctionError === undefined ? {} : { 'x-amz-function-error': FunctionError };
  return {
    status: StatusCode,
    headers: { ...headers, 'x-amz-executed-version': '$LATEST', ...failed },
    body: Payload,
  };
}

const PROTOCOLS = [
  jsonProtocol,
  queryProtocol,
  restSecurityHubProtocol,
  restS3Protocol,
  restLambdaProtocol,
  mappingsProtocol,
  restSchedulerProtocol,
] as const;

/** Answers a request in the protocol it is written in; fails only as a call does that gets no answer. */
export async function answer(request: WireRequest, exchange: Exchange): Promise<WireResponse> {
  for (const protocol of PROTOCOLS) {
    const answered = protocol(request, exchange);
    if (answered !== undefined) return await answered;
  }
  const message = `The simulator does not speak the protocol of ${request.method} ${request.path}`;
  return refusal({ code: 'UnknownOperationException', message, status: 404 });
}

/** The answer to a request that did not reach an operation. */
export const refusal = ({
  code,
  message,
  status,
}: Pick<AwsError, 'code' | 'message' | 'status'>): WireResponse => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': code },
  body: JSON.stringify({ __type: code, message }),
});
