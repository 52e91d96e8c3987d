import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import type { Exchange, Protocol, WireRequest, WireResponse } from './wire.ts';

const INVOCATIONS = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;

/** Lambda's REST protocol, of which the simulator speaks Invoke. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export const restLambdaProtocol: Protocol = (request, exchange) => {
  const [, name] = INVOCATIONS.exec(request.path) ?? [];
  return name === undefined || request.method !== 'POST'
    ? undefined
    : answer(decodeURIComponent(name), request, exchange);
};

async function answer(name: string, request: WireRequest, exchange: Exchange): Promise<WireResponse> {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': exchange.requestId() };
  const input = {
    FunctionName: name,
    InvocationType: request.headers['x-amz-invocation-type'] ?? 'RequestResponse',
    Payload: request.body,
  };
  try {
    const output = await exchange.dispatch({
      service: 'lambda',
      operation: 'Invoke',
      input,
      role: request.role,
    });
    return invoked(output, headers);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const body = JSON.stringify({ Type: error.status < 500 ? 'User' : 'Service', Message: error.message });
    return { status: error.status, headers: { ...headers, 'x-amzn-errortype': error.code }, body };
  }
}

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
