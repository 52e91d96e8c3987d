import { HOUR, MINUTE, SECOND } from '../../../calendar/instant.ts';

/** A stretch from which a duration is drawn, in milliseconds. */
export interface Stretch {
  readonly least: number;
  readonly most: number;
}

/** Durations that AWS does not document. Every value can be set for a run. */
export interface RotationTimings {
  /** A step of a healthy rotation function. */
  readonly stepMs: Stretch;
  /** A step of a slow one. */
  readonly slowStepMs: Stretch;
  /** Time until Lambda stops a function that hangs; 15 minutes is the longest timeout that it allows. */
  readonly hangMs: number;
  /** A managed rotation, usually within a minute. */
  readonly managedMs: Stretch;
  /**
   * The pause before each further attempt within the window; after the last one the service falls silent.
   * AWS says that the whole rotation is retried several times; number and spacing are our assumption.
   */
  readonly retryMs: readonly number[];
  /** Time in which a rotation on demand is retried when the secret has no schedule that gives a window. */
  readonly onDemandWindowMs: number;
  /** Rotations begin within this share of their window, which leaves room for further attempts. */
  readonly startShare: number;
  /** Copying a secret to another Region. */
  readonly replicationMs: Stretch;
}

/**
 * The timings of a run that sets none. The pauses put failures at 0, 1, 4, 14, 44, 104 and 224 minutes,
 * as far as the window reaches.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html
 */
export const DEFAULT_TIMINGS: RotationTimings = {
  stepMs: { least: 1 * SECOND, most: 5 * SECOND },
  slowStepMs: { least: 2 * MINUTE, most: 5 * MINUTE },
  hangMs: 15 * MINUTE,
  managedMs: { least: 15 * SECOND, most: 50 * SECOND },
  retryMs: [1, 3, 10, 30, 60, 120].map((minutes) => minutes * MINUTE),
  onDemandWindowMs: 24 * HOUR,
  startShare: 0.5,
  replicationMs: { least: 5 * SECOND, most: 30 * SECOND },
};
