import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import type { Input } from '../call/service.ts';
import { encodeJson, parseJson } from './json.ts';
import type { Exchange, Protocol, WireRequest, WireResponse } from './wire.ts';

interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** What follows the name of the function in the path. */
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

/** Operations differ in the date of their version, which does not decide anything. */
const FUNCTION = /^\/20\d\d-\d\d-\d\d\/functions\/([^/]+)(\/.*?)?\/?$/;

/** Lambda's REST protocol: the function stands in the path, everything else in a JSON body. */
export const restLambdaProtocol: Protocol = (request, exchange) => {
  const [, name, rest = ''] = FUNCTION.exec(request.path) ?? [];
  const found = ROUTES.find((each) => each.method === request.method && each.rest.test(rest));
  if (name === undefined || found === undefined) return undefined;
  const FunctionName = decodeURIComponent(name);
  return answer({
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
  /** What the path names. */
  readonly named: Input;
}

async function answer({
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
