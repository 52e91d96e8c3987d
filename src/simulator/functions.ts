import { later, MINUTE } from '../domain/instant.ts';
import { AwsError } from './aws-error.ts';
import type { SimulatorClock } from './clock.ts';
import type { Home } from './service.ts';

/** What a function is told about its invocation; the part of Lambda's context that handlers read. */
interface FunctionContext {
  readonly functionName: string;
  readonly invokedFunctionArn: string;
  readonly awsRequestId: string;
}

/** An in-process function, such as a Lambda handler. */
type FunctionHandler = (event: unknown, context: FunctionContext) => unknown;

/** What became of a function's invocations. */
interface FunctionStats {
  readonly invocations: number;
  readonly errors: number;
  /** What the last failed invocation threw. */
  readonly lastError?: unknown;
}

/** How Lambda treats a function that is invoked asynchronously. */
interface FunctionOptions {
  /** Attempts after the first failed one; Lambda makes two. */
  readonly retryAttempts?: number;
}

/** The functions of the account, by name or ARN. */
export interface Functions {
  /** Adds or replaces a function; answers its ARN. */
  register(name: string, handler: FunctionHandler, options?: FunctionOptions): string;
  has(nameOrArn: string): boolean;
  /** Invokes and waits; fails with what the function throws, or ResourceNotFoundException. */
  invoke(nameOrArn: string, event: unknown): Promise<unknown>;
  /**
   * Invokes at the present time without waiting, and again 1 and 2 minutes after failures.
   * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
   */
  invokeLater(nameOrArn: string, event: unknown): void;
  /** Ends the invocations that are running now, as a crash does: they fail, and no code of theirs hears of it. */
  kill(nameOrArn: string): void;
  stats(nameOrArn: string): FunctionStats;
  /** Names of all functions. */
  names(): readonly string[];
}

interface Registered {
  readonly name: string;
  readonly arn: string;
  readonly handler: FunctionHandler;
  readonly retryAttempts: number;
  /** Ends the invocations that are running. */
  readonly running: Set<(reason: Error) => void>;
  invocations: number;
  errors: number;
  lastError?: unknown;
}

const RETRY_DELAYS: readonly number[] = [MINUTE, 2 * MINUTE];

/** An empty register of functions. */
export function createFunctions(clock: SimulatorClock, home: Home, uuid: () => string): Functions {
  const registered = new Map<string, Registered>();
  const find = (nameOrArn: string): Registered => {
    const found = registered.get(functionName(nameOrArn));
    if (found !== undefined) return found;
    throw new AwsError(
      'ResourceNotFoundException',
      `Function not found: ${functionArn(home, nameOrArn)}`,
      404,
    );
  };
  const invokeLater = (nameOrArn: string, event: unknown): void => {
    const attempt = async (failed: number): Promise<void> => {
      const found = registered.get(functionName(nameOrArn));
      if (found === undefined || (await succeeds(found, event, uuid())) || failed >= found.retryAttempts)
        return;
      clock.schedule(later(clock.now(), RETRY_DELAYS[failed] ?? 2 * MINUTE), () => attempt(failed + 1));
    };
    clock.schedule(clock.now(), () => attempt(0));
  };
  return {
    register: (name, handler, { retryAttempts = 2 } = {}) => {
      const arn = functionArn(home, name);
      registered.set(name, {
        name,
        arn,
        handler,
        retryAttempts,
        running: new Set(),
        invocations: 0,
        errors: 0,
      });
      return arn;
    },
    has: (nameOrArn) => registered.has(functionName(nameOrArn)),
    invoke: async (nameOrArn, event) => run(find(nameOrArn), event, uuid()),
    invokeLater,
    kill: (nameOrArn) => {
      for (const end of find(nameOrArn).running) end(new Error(`The run of ${nameOrArn} was killed`));
    },
    stats: (nameOrArn) => {
      const { invocations, errors, lastError } = find(nameOrArn);
      return { invocations, errors, ...(lastError !== undefined && { lastError }) };
    },
    names: () => [...registered.keys()],
  };
}

/** The name in a function's ARN (qualifier dropped), or the name itself. */
const functionName = (nameOrArn: string): string =>
  nameOrArn.startsWith('arn:') ? (nameOrArn.split(':')[6] ?? '') : nameOrArn;

/** The ARN of the function with this name; an ARN stays what it is. */
const functionArn = ({ account, region }: Home, nameOrArn: string): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn : `arn:aws:lambda:${region}:${account}:function:${nameOrArn}`;

async function run(found: Registered, event: unknown, awsRequestId: string): Promise<unknown> {
  found.invocations += 1;
  let end: (reason: Error) => void = () => undefined;
  const killed = new Promise<never>((_resolve, reject) => {
    end = reject;
  });
  found.running.add(end);
  const context = { functionName: found.name, invokedFunctionArn: found.arn, awsRequestId };
  try {
    return await Promise.race([handled(found, event, context), killed]);
  } catch (error) {
    found.errors += 1;
    found.lastError = error;
    throw error;
  } finally {
    found.running.delete(end);
  }
}

/** A promise also of a handler that throws at once. */
const handled = async (found: Registered, event: unknown, context: FunctionContext): Promise<unknown> =>
  found.handler(event, context);

async function succeeds(found: Registered, event: unknown, awsRequestId: string): Promise<boolean> {
  try {
    await run(found, event, awsRequestId);
    return true;
  } catch {
    return false;
  }
}
