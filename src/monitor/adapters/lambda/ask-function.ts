import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { MonitorMemoryError } from '../../ports/store/monitor-memory.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';
import { type Reader, readJson } from '../aws/record/schema.ts';

/** A request to a function, and how to read its answer. */
export interface Question<T> {
  readonly request: object;
  readonly read: Reader<T>;
}

/** Asks a function of a deployed monitor, by its ARN. No error quotes what it answered. */
export async function askFunction<T>(
  client: LambdaClient,
  functionArn: string,
  { request, read }: Question<T>,
): Promise<T> {
  const command = new InvokeCommand({ FunctionName: functionArn, Payload: JSON.stringify(request) });
  const { FunctionError, Payload } = await client.send(command).catch((error: unknown) => {
    const failure = failureOf(error);
    const needs = failure.reason === 'denied' ? ', needs lambda:InvokeFunction' : '';
    throw new MonitorMemoryError(`Cannot ask "${functionArn}": ${describeFailure(error)}${needs}`, {
      ...failure,
      cause: error,
    });
  });
  const answer = FunctionError === undefined ? readJson(new TextDecoder().decode(Payload), read) : undefined;
  if (answer !== undefined) return answer;
  const why = FunctionError === undefined ? 'its answer cannot be read' : `it failed (${FunctionError})`;
  throw new MonitorMemoryError(`Cannot ask "${functionArn}": ${why}`, {
    reason: FunctionError === undefined ? 'invalid' : 'server',
    retryable: false,
  });
}
