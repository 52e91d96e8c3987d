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
