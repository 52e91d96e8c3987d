import type { RotationStep } from '../../domain/rotation/rotation-event.ts';
import type { SecretArn } from '../../domain/secret/secret.ts';
import { PortError } from '../failure.ts';

/** One step of a rotation, to be run by its function. */
export interface StepRequest {
  readonly functionArn: string;
  readonly step: RotationStep;
  readonly secretArn: SecretArn;
  readonly versionId: string;
}

/** The answer of a function. Of its payload only the name of the error is kept. */
export type StepAnswer =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly errorType: string };

/** The code that stands behind the ARN of a function. */
export interface FunctionCode {
  readonly codeSha256: string | undefined;
  /** Whether Lambda is putting new code or a new configuration in place. */
  readonly isUpdating: boolean;
  /** Whether an alias sends a part of the invocations to another version. */
  readonly isWeighted: boolean;
}

/** Runs steps of rotation functions by hand, each once. Failures are {@link StepRunnerError}s. */
export interface StepRunner {
  /** Undefined when there is no such function. */
  code(functionArn: string): Promise<FunctionCode | undefined>;
  /** Never tries again by itself: a step that has begun may still be running. */
  run(request: StepRequest): Promise<StepAnswer>;
}

/** The function did not answer, or nobody knows what it did. */
export class StepRunnerError extends PortError {
  override readonly name = 'StepRunnerError';
}
