import type { Kms } from '../../kms/kms.ts';
import type { Secret } from '../store/secret.ts';
import { credentialOf, type TargetDatabase } from '../store/target-database.ts';
import { CURRENT, holderOf, ROTATION_STEPS, type RotationStep } from '../store/version-stages.ts';
import type { FailureCause, RotationFunction, RotationFunctions } from './rotation-function.ts';
import { StepFailure, type StepRequest } from './rotation-step.ts';

/** The scene of a cause: one secret, its function and its target. */
export interface Scene {
  readonly rotator: RotationFunction;
  readonly secret: Secret;
  readonly database: TargetDatabase;
}

/** The services that causes change beside the target. */
export interface CauseParts {
  readonly keys: Pick<Kms, 'permit'>;
  readonly functions: Pick<RotationFunctions, 'throttle' | 'timeoutMs'>;
}

interface Cause {
  /** First step it affects, unless the function says otherwise. */
  readonly begins: RotationStep;
  /** Makes it so. */
  readonly arise?: (scene: Scene, parts: CauseParts) => void;
  /** Takes it away again, where that can be done without a new password. */
  readonly end?: (scene: Scene, parts: CauseParts) => void;
  /** Returns the message of the error that the code throws at the step where the cause begins. */
  readonly strike?: (scene: Scene, parts: CauseParts) => string;
}

/**
 * The effects of causes. Which steps fail follows from them, as the steps of the official templates log in, read and
 * write: a target that is away fails every log-in, a new password that the target took otherwise fails testSecret first
 * and setSecret from then on.
 */
const CAUSES: Readonly<Record<FailureCause, Cause>> = {
  'login-refused': { begins: 'setSecret' },
  'account-locked': {
    begins: 'setSecret',
    arise: ({ database, secret }) => database.setLocked(userOf(secret), true),
    end: ({ database, secret }) => database.setLocked(userOf(secret), false),
  },
  'password-changed': { begins: 'setSecret', arise: ({ database }) => database.changeOutOfBand() },
  'database-away': {
    begins: 'setSecret',
    arise: ({ database }) => database.setReach('away'),
    end: ({ database }) => database.setReach('up'),
  },
  'database-stopped': {
    begins: 'setSecret',
    arise: ({ database }) => database.setReach('stopped'),
    end: ({ database }) => database.setReach('up'),
  },
  'key-denied': {
    begins: 'createSecret',
    arise: ({ secret, rotator }, { keys }) => keys.permit(secret.state.kmsKeyId, rotator.name, false),
    end: ({ secret, rotator }, { keys }) => keys.permit(secret.state.kmsKeyId, rotator.name, true),
  },
  'value-lacks-key': { begins: 'createSecret', strike: () => 'host key is missing from secret JSON' },
  'code-broken': { begins: 'setSecret', strike: () => "name 'connection' is not defined" },
  throttled: {
    begins: 'createSecret',
    arise: ({ rotator }, { functions }) => functions.throttle(rotator.arn, true),
    end: ({ rotator }, { functions }) => functions.throttle(rotator.arn, false),
  },
  'time-out': {
    begins: 'setSecret',
    strike: ({ rotator }, { functions }) =>
      `Task timed out after ${(functions.timeoutMs(rotator.arn) / 1000).toFixed(2)} seconds`,
  },
};

interface Arisen {
  readonly scene: Scene;
  /** AWSCURRENT when it arose. */
  readonly currentId: string | undefined;
  /** Failures by version. */
  readonly failures: Map<string, number>;
  isOver: boolean;
}

/** Lets the causes of rotation functions arise once for each secret, at their step, and end. */
export class FailureCauses {
  readonly #parts: CauseParts;
  readonly #arisen = new Map<string, Map<string, Arisen>>();

  constructor(parts: CauseParts) {
    this.#parts = parts;
  }

  /** Lets the cause of a function arise when a step is at or behind the one where it begins. */
  meet(scene: Scene, { Step }: Pick<StepRequest, 'Step'>): void {
    const { rotator, secret } = scene;
    if (
      rotator.cause === undefined ||
      ROTATION_STEPS.indexOf(Step) < ROTATION_STEPS.indexOf(beginOf(rotator))
    )
      return;
    const ofFunction = this.#arisen.get(rotator.arn) ?? new Map<string, Arisen>();
    this.#arisen.set(rotator.arn, ofFunction);
    if (ofFunction.has(secret.arn)) return;
    const currentId = holderOf(secret.state.versions, CURRENT)?.id;
    ofFunction.set(secret.arn, { scene, currentId, failures: new Map(), isOver: false });
    CAUSES[rotator.cause].arise?.(scene, this.#parts);
  }

  /** Fails a step as broken code does. A value that lacks a key does no harm once it was replaced. */
  strike({ rotator, secret, database }: Scene, { Step }: Pick<StepRequest, 'Step'>): void {
    const arisen = this.#activeFor(rotator, secret.arn);
    if (rotator.cause === undefined || arisen === undefined || Step !== beginOf(rotator)) return;
    const isReplaced = holderOf(secret.state.versions, CURRENT)?.id !== arisen.currentId;
    if (rotator.cause === 'value-lacks-key' && isReplaced) return;
    const thrown = CAUSES[rotator.cause].strike?.({ rotator, secret, database }, this.#parts);
    if (thrown !== undefined) throw new StepFailure(thrown);
  }

  /** True while the cause of a function is active for a secret. */
  isActive(rotator: RotationFunction, secretArn: string): boolean {
    return this.#activeFor(rotator, secretArn) !== undefined;
  }

  /** Notes that an attempt failed; a cause with `times` is over after so many of them for a version. */
  failed(rotator: RotationFunction, { SecretId, ClientRequestToken }: StepRequest): void {
    const arisen = this.#activeFor(rotator, SecretId);
    if (arisen === undefined) return;
    const count = (arisen.failures.get(ClientRequestToken) ?? 0) + 1;
    arisen.failures.set(ClientRequestToken, count);
    if (rotator.times !== undefined && count >= rotator.times) this.#end(arisen);
  }

  /** Takes away what a function's cause has done, as whoever repairs it does; the function may then have another. */
  repair(functionArn: string): void {
    for (const arisen of this.#arisen.get(functionArn)?.values() ?? []) this.#end(arisen);
    this.#arisen.delete(functionArn);
  }

  #activeFor({ arn, cause }: RotationFunction, secretArn: string): Arisen | undefined {
    const arisen = cause === undefined ? undefined : this.#arisen.get(arn)?.get(secretArn);
    return arisen?.isOver === false ? arisen : undefined;
  }

  #end(arisen: Arisen): void {
    if (arisen.isOver) return;
    arisen.isOver = true;
    const { cause } = arisen.scene.rotator;
    if (cause !== undefined) CAUSES[cause].end?.(arisen.scene, this.#parts);
  }
}

/** The step where the cause of a function arises. */
export const beginOf = ({ step, cause }: RotationFunction): RotationStep =>
  step ?? (cause === undefined ? 'setSecret' : CAUSES[cause].begins);

/** The user that applications log in with. */
function userOf({ state }: Secret): string {
  const value = holderOf(state.versions, CURRENT)?.value;
  return value === undefined ? '' : credentialOf(value).username;
}
