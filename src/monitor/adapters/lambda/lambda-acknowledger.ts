import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Acknowledger } from '../../ports/tell/acknowledger.ts';
import { listOf, object, text } from '../aws/record/schema.ts';
import { askFunction } from './ask-function.ts';

/** Acknowledges through the function of a deployed monitor, by its ARN. */
export const lambdaAcknowledger = (client: LambdaClient, functionArn: string): Acknowledger => ({
  acknowledge: (request) =>
    askFunction(client, functionArn, {
      request,
      read: object<Awaited<ReturnType<Acknowledger['acknowledge']>>>({
        acknowledged: listOf(text),
        until: text,
      }),
    }),
});
