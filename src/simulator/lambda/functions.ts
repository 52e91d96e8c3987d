import { later, MINUTE } from '../../calendar/instant.ts';
import { AwsError } from '../call/aws-error.ts';
import { type FunctionRun, runFunction } from '../call/function-run.ts';
import type { Home } from '../call/service.ts';
import type { SimulatorClock } from '../time/clock.ts';
import type { Invocation } from './invocation-metrics.ts';

/** The context of an invocation; the part of Lambda's context that handlers read. */
interface FunctionContext {
  readonly functionName: string;
  readonly invokedFunctionArn: string;
  readonly awsRequestId: string;
  /** Milliseconds until Lambda would end the invocation; the simulator does not end it. */
  getRemainingTimeInMillis(): number;
}

/** An in-process function, such as a Lambda handler; who kills runs has to say which run makes a call. */
type FunctionHandler = (event: unknown, context: FunctionContext, run: FunctionRun) => unknown;

/** Counts of a function's invocations. */
interface FunctionStats {
  readonly invocations: number;
  readonly errors: number;
  /** Error of the last failed invocation. */
  readonly lastError?: unknown;
}

/** Lambda's treatment of a function that is invoked asynchronously. */
interface FunctionOptions {
  /** Attempts after the first failed one; Lambda makes two. */
  readonly retryAttempts?: number;
  /** Longest time of an invocation; 15 minutes, the most that Lambda allows, when left out. */
  readonly timeoutMs?: number;
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
  stats(nameOrArn: string): FunctionStats;
  /** Names of all functions. */
  names(): readonly string[];
}

interface Registered {
  readonly name: string;
  readonly arn: string;
  readonly handler: FunctionHandler;
  readonly retryAttempts: number;
  readonly timeoutMs: number;
  invocations: number;
  errors: number;
  lastError?: unknown;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LONGEST_TIMEOUT_MS: number = 15 * MINUTE;

const RETRY_DELAYS: readonly number[] = [MINUTE, 2 * MINUTE];

/** Dependencies of the functions. */
export interface FunctionsDependencies {
  readonly clock: SimulatorClock;
  readonly home: Home;
  readonly uuid: () => string;
  /** Called with the end of every run. */
  readonly onInvocation: (invocation: Invocation) => void;
}

/** An empty register of functions. */
export function createFunctions(dependencies: FunctionsDependencies): Functions {
  const { clock, home } = dependencies;
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
      if (
        found === undefined ||
        (await succeeds(dependencies, found, event)) ||
        failed >= found.retryAttempts
      )
        return;
      clock.schedule(later(clock.now(), RETRY_DELAYS[failed] ?? 2 * MINUTE), () => attempt(failed + 1));
    };
    clock.schedule(clock.now(), () => attempt(0));
  };
  return {
    register: (name, handler, { retryAttempts = 2, timeoutMs = LONGEST_TIMEOUT_MS } = {}) => {
      const arn = functionArn(home, name);
      registered.set(name, {
        name,
        arn,
        handler,
        retryAttempts,
        timeoutMs,
        invocations: 0,
        errors: 0,
      });
      return arn;
    },
    has: (nameOrArn) => registered.has(functionName(nameOrArn)),
    invoke: async (nameOrArn, event) => run(dependencies, find(nameOrArn), event),
    invokeLater,
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

async function run(
  { clock, uuid, onInvocation }: FunctionsDependencies,
  found: Registered,
  event: unknown,
): Promise<unknown> {
  const startedAt = clock.now();
  let outcome: Invocation['outcome'] = 'failed';
  found.invocations += 1;
  const context = {
    functionName: found.name,
    invokedFunctionArn: found.arn,
    awsRequestId: uuid(),
    getRemainingTimeInMillis: () => Math.max(0, found.timeoutMs - (clock.now() - startedAt)),
  };
  try {
    const answer = await runFunction(found.name, (own) => found.handler(event, context, own));
    outcome = 'succeeded';
    return answer;
  } catch (error) {
    found.errors += 1;
    found.lastError = error;
    throw error;
  } finally {
    onInvocation({ functionName: found.name, outcome, durationMs: clock.now() - startedAt });
  }
}

async function succeeds(
  dependencies: FunctionsDependencies,
  found: Registered,
  event: unknown,
): Promise<boolean> {
  try {
    await run(dependencies, found, event);
    return true;
  } catch {
    return false;
  }
}
