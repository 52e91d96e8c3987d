import type { AwsError } from '../call/aws-error.ts';
import { jsonProtocol } from './json.ts';
import { queryProtocol } from './query.ts';
import { restLambdaProtocol } from './rest-lambda.ts';
import { restSchedulerProtocol } from './rest-scheduler.ts';
import type { Exchange, WireRequest, WireResponse } from './wire.ts';

const PROTOCOLS = [jsonProtocol, queryProtocol, restLambdaProtocol, restSchedulerProtocol] as const;

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
