import * as z from 'zod';
import type { Random } from '../../call/random.ts';
import type { Input } from '../../call/service.ts';
import type { FunctionLog } from '../../lambda/function-logs.ts';
import { isObject } from '../store/read-input.ts';
import type { Secret } from '../store/secret.ts';
import type { TargetDatabase } from '../store/target-database.ts';
import { ROTATION_STEPS, type RotationStep } from '../store/version-stages.ts';
import type { RotationFunction } from './rotation-function.ts';

/** Calls an operation of the service under a role. */
export type CallAs = (role: string, operation: string, input: Input) => Promise<unknown>;

/** The event that Secrets Manager sends to a rotation function. */
export interface StepRequest {
  readonly Step: RotationStep;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
  readonly RotationToken?: string | undefined;
}

/** A step on its way through a function. */
export interface StepContext {
  readonly callAs: CallAs;
  readonly random: Random;
  readonly database: TargetDatabase;
  readonly rotator: RotationFunction;
  readonly secret: Secret;
  readonly request: StepRequest;
  readonly log: FunctionLog;
  /** The target takes another password than the one it is given, so that it refuses the new log-in. */
  readonly isMistaken: boolean;
}

/** The error of a rotation function; Lambda reports it as an unhandled function error. */
export class StepFailure extends Error {
  override readonly name = 'ValueError';
}

/** Reads the payload of an invocation; fails with a StepFailure when it is no step. */
export function readStepRequest(payload: unknown): StepRequest {
  const { Step, SecretId, ClientRequestToken, RotationToken } = isObject(payload) ? payload : {};
  const step = ROTATION_STEPS.find((known) => known === Step);
  if (step === undefined) throw new StepFailure(`Invalid step parameter ${String(Step)}`);
  if (typeof SecretId !== 'string' || typeof ClientRequestToken !== 'string') {
    throw new StepFailure('SecretId and ClientRequestToken must be strings');
  }
  const rotationToken = typeof RotationToken === 'string' ? RotationToken : undefined;
  return { Step: step, SecretId, ClientRequestToken, RotationToken: rotationToken };
}

/**
 * Path at which the Lambda Runtime Interface Emulator takes invocations.
 * https://github.com/aws/aws-lambda-runtime-interface-emulator
 */
const INVOCATIONS = '/2015-03-31/functions/function/invocations';

/** Most characters of an answer that an error repeats. */
const MOST_CHARACTERS = 300;

const failure = z.union([
  z.looseObject({ errorType: z.string(), errorMessage: z.unknown().optional() }),
  z.looseObject({ errorMessage: z.unknown(), errorType: z.string().optional() }),
]);

/**
 * Code of a rotation function that runs elsewhere: each step is posted to the emulator, which answers 200 for errors
 * too. A failure is an answer with `errorType` or `errorMessage`, one that is no JSON, none at all, or one that does not
 * come within `timeoutMs`.
 */
export function remoteFunction(url: string, timeoutMs: number): (request: unknown) => Promise<unknown> {
  const { pathname } = new URL(url);
  const address = pathname === '/' ? new URL(INVOCATIONS, url).href : url;
  return async (request) => answerIn(await posted(address, request, timeoutMs));
}

async function posted(address: string, request: unknown, timeoutMs: number): Promise<string> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await fetch(address, { method: 'POST', body: JSON.stringify(request), signal });
    const text = await answer.text();
    if (!answer.ok) throw new StepFailure(`The function answered status ${answer.status}: ${cut(text)}`);
    return text;
  } catch (error) {
    if (error instanceof StepFailure) throw error;
    if (signal.aborted)
      throw new StepFailure(`Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`);
    throw new StepFailure(`The function cannot be reached at ${address}: ${reasonOf(error)}`);
  }
}

/** Returns the answer of a function; fails where the answer is a failure. */
function answerIn(text: string): unknown {
  if (text.trim() === '') throw new StepFailure('The function answered nothing');
  const value = parsed(text);
  const found = failure.safeParse(value);
  if (!found.success) return value;
  const { errorType = 'Error', errorMessage = '' } = found.data;
  throw new StepFailure(cut(`${errorType}: ${String(errorMessage)}`));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The emulator reports a time-out in plain text.
    const [timeOut] = /Task timed out after [\d.]+ seconds/.exec(text) ?? [];
    throw new StepFailure(timeOut ?? `The function answered no JSON: ${cut(text)}`);
  }
}

const cut = (text: string): string =>
  text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;

function reasonOf(error: unknown): string {
  const { cause, message } = error instanceof Error ? error : new Error(String(error));
  return cause instanceof Error ? cause.message : message;
}
