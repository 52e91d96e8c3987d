import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import type { Functions } from '../functions.ts';
import { readInput } from '../input.ts';
import type { Service } from '../service.ts';

/** The rotation functions of Secrets Manager, which live there. */
export interface RotationInvoker {
  has(nameOrArn: string): boolean;
  /** Fails as the function fails. */
  invoke(nameOrArn: string, payload: unknown): Promise<unknown>;
}

const invoking = z.object({
  FunctionName: z.string().min(1),
  InvocationType: z.enum(['RequestResponse', 'Event', 'DryRun']).default('RequestResponse'),
  Payload: z.string().default(''),
});

/** Lambda, as far as invoking goes, of the functions registered and of rotation functions; payloads are JSON text. */
export function createLambda(functions: Functions, rotation: RotationInvoker): Service {
  return {
    operations: {
      Invoke: async (input) => {
        const { FunctionName, InvocationType, Payload } = readInput(invoking, input);
        const event = parsePayload(Payload);
        const invoker = [functions, rotation].find((each) => each.has(FunctionName)) ?? functions;
        if (!invoker.has(FunctionName)) await invoker.invoke(FunctionName, event);
        switch (InvocationType) {
          case 'DryRun':
            return { StatusCode: 204, Payload: '' };
          case 'RequestResponse':
            return outcome(() => invoker.invoke(FunctionName, event));
          case 'Event':
            if (functions.has(FunctionName)) functions.invokeLater(FunctionName, event);
            else await outcome(() => rotation.invoke(FunctionName, event));
            return { StatusCode: 202, Payload: '' };
        }
      },
    },
  };
}

function parsePayload(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json.');
  }
}

async function outcome(run: () => Promise<unknown>): Promise<object> {
  try {
    const answer = await run();
    return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: JSON.stringify(answer ?? null) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const payload = JSON.stringify({ errorType: name, errorMessage: message, trace: [] });
    return { StatusCode: 200, ExecutedVersion: '$LATEST', FunctionError: 'Unhandled', Payload: payload };
  }
}
