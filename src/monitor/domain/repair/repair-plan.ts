import type { FindingCode } from '../finding/finding.ts';
import type { RotationStep } from '../rotation/rotation-event.ts';
import type { SecretArn, Target } from '../secret/secret.ts';

/** The effect of one call in a repair. */
type RepairKind =
  /** Puts a label of our own on the version, so that it is not deleted when it loses its last one. */
  | 'keep'
  /** Puts AWSPENDING back on a version that lost it. */
  | 'restore'
  /** Lets the rotation function test the version; nothing is changed. */
  | 'prove'
  /** Lets the rotation function make the version the one in use. */
  | 'finish'
  /** Moves AWSCURRENT to the version; only where the function has proven it and cannot finish. */
  | 'promote'
  /** Removes AWSPENDING from the version. */
  | 'remove';

/** One call of a repair, and what it is about. */
export interface RepairCall {
  readonly kind: RepairKind;
  /** The staging label that it moves; undefined for a call of the rotation function. */
  readonly label?: string | undefined;
  readonly to?: string | undefined;
  readonly from?: string | undefined;
}

/** State of a rotation function when a repair was planned. */
export interface PlannedFunction {
  /** The ARN that the secret names, with its version or alias: the proof and the finish go to the same code. */
  readonly arn: string;
  readonly codeSha256: string | undefined;
}

/** The calls that repair one secret, and its state when they were planned. */
export interface RepairPlan extends Target {
  readonly secretArn: SecretArn;
  readonly secretName: string;
  readonly code: FindingCode;
  /** The version in use. */
  readonly current: string;
  /** The version that is proven, finished or given up. */
  readonly pending: string;
  /** The furthest step that its rotation is known to have failed at. */
  readonly reached: RotationStep | undefined;
  readonly function: PlannedFunction | undefined;
  readonly calls: readonly RepairCall[];
}

/** Returns the change that a call makes, in one sentence. */
export function changeOf(call: RepairCall, { pending, current }: RepairPlan): string {
  switch (call.kind) {
    case 'keep':
      return `Puts the label ${call.label} on version ${pending}.`;
    case 'restore':
      return call.from === undefined
        ? `Puts AWSPENDING back on version ${pending}.`
        : `Moves AWSPENDING from ${call.from} back to version ${pending}.`;
    case 'prove':
      return `Invokes the rotation function with testSecret for version ${pending}; it changes nothing.`;
    case 'finish':
      return `Invokes the rotation function with finishSecret: AWSCURRENT moves from ${current} to ${pending}.`;
    case 'promote':
      return `Moves AWSCURRENT from ${current} to ${pending}, only if finishSecret fails.`;
    case 'remove':
      return call.to === undefined
        ? `Removes AWSPENDING from version ${pending}, so that the secret can rotate again.`
        : `Moves AWSPENDING from version ${pending} back to ${call.to}.`;
  }
}

/** Returns the risk of a call, in one sentence. */
export function riskOf({ kind }: RepairCall): string {
  switch (kind) {
    case 'keep':
      return 'The label stays until somebody takes it off.';
    case 'restore':
      return 'AWS refuses it if another rotation has begun; then nothing is changed.';
    case 'prove':
      return 'If the target refuses the credential, the repair ends here and nothing is promoted.';
    case 'finish':
    case 'promote':
      return 'Applications that keep an old credential have to read the secret again.';
    case 'remove':
      return 'If setSecret had begun after all, the kept version may hold the only good password.';
  }
}
