import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { EmitEvent, Operation, Service } from '../call/service.ts';
import { readingOperations, shownConfiguration } from './function-reads.ts';
import type { FunctionResource, FunctionResources } from './function-resources.ts';
import { writingOperations } from './function-writes.ts';
import type { Functions } from './functions.ts';
import { recordedWrites } from './recorded-writes.ts';

/** The rotation functions of Secrets Manager, which live there. */
export interface RotationInvoker {
  has(nameOrArn: string): boolean;
  /** Fails as the function fails. */
  invoke(nameOrArn: string, payload: unknown): Promise<unknown>;
}

/** Dependencies of Lambda. */
export interface LambdaDependencies {
  readonly functions: Functions;
  readonly rotation: RotationInvoker;
  readonly resources: FunctionResources;
  /** Takes the events that report changes. */
  readonly emit: EmitEvent;
}

const invoking = z.object({
  FunctionName: z.string().min(1),
  InvocationType: z.enum(['RequestResponse', 'Event', 'DryRun']).default('RequestResponse'),
  Payload: z.string().default(''),
});

/** Lambda: invoking, and what functions are like, of the functions registered and of rotation functions. */
export function createLambda(dependencies: LambdaDependencies): Service {
  const { functions, resources } = dependencies;
  const find = (nameOrArn: string): FunctionResource => {
    const found =
      resources.find(nameOrArn) ?? (functions.has(nameOrArn) ? resources.deploy(nameOrArn) : undefined);
    if (found !== undefined) return found;
    throw new AwsError('ResourceNotFoundException', `Function not found: ${resources.arnOf(nameOrArn)}`, 404);
  };
  return {
    operations: {
      Invoke: invoke(dependencies),
      ...readingOperations(find),
      ...resources.mappings.operations,
      // Pages of AWS hold 50; here one holds all.
      ListFunctions: () => ({ Functions: resources.all().map(shownConfiguration) }),
      GetAccountSettings: () => ({
        AccountLimit: {
          ConcurrentExecutions: resources.concurrencyLimit,
          UnreservedConcurrentExecutions: resources.unreservedWithout(''),
        },
      }),
      ...recordedWrites(writingOperations(resources, find), dependencies.emit),
    },
  };
}

/** Payloads are JSON text. A function without concurrency of its own left is throttled. */
function invoke({ functions, rotation, resources }: LambdaDependencies): Operation {
  return async (input) => {
    const { FunctionName, InvocationType, Payload } = readInput(invoking, input);
    const event = parsePayload(Payload);
    const invoker = [functions, rotation].find((each) => each.has(FunctionName)) ?? functions;
    if (!invoker.has(FunctionName)) await invoker.invoke(FunctionName, event);
    if (resources.find(FunctionName)?.reservedConcurrency === 0) throw throttled();
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
  };
}

const throttled = (): AwsError => new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);

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
