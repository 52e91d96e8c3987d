import { SECOND } from '../../../calendar/instant.ts';
import type { Home } from '../../call/service.ts';
import type {
  BrokenStretch,
  FunctionConfiguration,
  FunctionResources,
} from '../../lambda/function-resources.ts';
import { letsRotate } from '../../lambda/resource-policy.ts';
import type { RotationStep } from '../store/version-stages.ts';

/** The kind of a rotation function's failure, if any. */
export type FunctionBehaviour = 'healthy' | 'error' | 'hang' | 'slow' | 'flaky' | 'alternating-users';

/** Faults in a rotation function or around it; the steps that fail follow from them. */
export const FAILURE_CAUSES = [
  'login-refused',
  'account-locked',
  'password-changed',
  'database-away',
  'database-stopped',
  'key-denied',
  'value-lacks-key',
  'code-broken',
  'throttled',
  'time-out',
] as const;

/** One cause of failing rotations. */
export type FailureCause = (typeof FAILURE_CAUSES)[number];

/** Whether Secrets Manager can invoke a function. */
type FunctionPresence = 'present' | 'gone' | 'not-invocable';

/** A named behaviour that rotates secrets the way the official templates do. */
export interface RotationFunction {
  /** Also the name of the role it works under. */
  readonly name: string;
  readonly arn: string;
  /**
   * `error` fails at `step` always, `flaky` the first `times` times for each version, `hang` runs into Lambda's
   * timeout there, `slow` takes minutes for every step; `alternating-users` works, with two users in turn.
   */
  readonly behaviour: FunctionBehaviour;
  /**
   * Fault that keeps it from rotating, whatever its behaviour: it arises for each secret once, and stays until it is
   * over after `times` failures of a version, the function is registered again, or somebody repairs the target.
   */
  readonly cause?: FailureCause;
  /** The step where it fails or hangs, setSecret when not given; or where its cause arises. */
  readonly step?: RotationStep;
  /** Number of failures of a flaky function, or of failures before its cause is over; 1 when not given. */
  readonly times?: number;
  /** A failing setSecret changes the target before it fails. */
  readonly changesTargetFirst?: boolean;
  /** Keep two users whatever the behaviour, so that a failing function can alternate, too. */
  readonly alternatesUsers?: boolean;
  /** Puts values under this role and without the RotationToken, which Secrets Manager then refuses. */
  readonly assumedRole?: string;
  readonly presence?: FunctionPresence;
  /** Code to run in place of the behaviour; it fails by throwing. Durations still follow the behaviour. */
  readonly handler?: (request: unknown) => unknown;
}

/** A function to register; its ARN follows from its name when not given. */
export type NewRotationFunction = Omit<RotationFunction, 'arn'> & {
  readonly arn?: string;
  /** Lambda's configuration of it; a part that is not given is healthy, or stays as it was. */
  readonly configuration?: Partial<FunctionConfiguration>;
};

/** The reason why a function cannot be invoked. */
export type Obstacle = 'gone' | 'not-permitted' | 'throttled';

/** True for a function that gives its secret two users in turn. */
export const alternates = ({ behaviour, alternatesUsers }: RotationFunction): boolean =>
  behaviour === 'alternating-users' || alternatesUsers === true;

/** The rotation functions of the account, by name or ARN. */
export class RotationFunctions {
  readonly #byArn = new Map<string, RotationFunction>();
  readonly #resources: FunctionResources;
  readonly #home: Home;
  readonly #registered: (registered: RotationFunction) => void;

  /** `registered` gets each function that is added. */
  constructor(
    resources: FunctionResources,
    home: Home,
    registered: (registered: RotationFunction) => void = () => undefined,
  ) {
    this.#registered = registered;
    this.#resources = resources;
    this.#home = home;
  }

  /** Adds a function or replaces the one with its name, as an operator does who repairs the code. */
  register({ configuration, ...added }: NewRotationFunction): RotationFunction {
    const registered = { ...added, arn: added.arn ?? this.#resources.arnOf(added.name) };
    const { arn, presence = 'present' } = registered;
    const wasBarred = this.#byArn.get(arn)?.presence === 'not-invocable';
    const usual = wasBarred ? { policy: this.#resources.usualPolicy(arn) } : {};
    const barred = presence === 'not-invocable' ? { policy: [] } : usual;
    this.#byArn.set(arn, registered);
    this.#registered(registered);
    if (presence === 'gone') this.#resources.remove(arn);
    else this.#resources.deploy(arn, { ...barred, ...configuration });
    return registered;
  }

  /** The function with this name, ARN or qualified ARN, also when it is gone. */
  find(nameOrArn: string): RotationFunction | undefined {
    return this.#byArn.get(this.#resources.arnOf(nameOrArn));
  }

  /** The function if Secrets Manager may invoke it: for a secret, or for any. */
  invocable(nameOrArn: string, secretArn?: string): RotationFunction | undefined {
    const policy = this.#resources.find(nameOrArn)?.policy;
    if (policy === undefined || !letsRotate(policy, this.#home.account, secretArn)) return undefined;
    return this.find(nameOrArn);
  }

  /** True while Lambda has the function. */
  exists(nameOrArn: string): boolean {
    return this.find(nameOrArn) !== undefined && this.#resources.find(nameOrArn) !== undefined;
  }

  /**
   * Returns the obstacle that keeps Secrets Manager from running the function for a secret; undefined when there is
   * none.
   */
  obstacle(nameOrArn: string, secretArn: string): Obstacle | undefined {
    if (!this.exists(nameOrArn)) return 'gone';
    if (this.invocable(nameOrArn, secretArn) === undefined) return 'not-permitted';
    return this.#resources.find(nameOrArn)?.reservedConcurrency === 0 ? 'throttled' : undefined;
  }

  /**
   * Returns the times during which a function was gone, or Secrets Manager had no permission to invoke it; none for no
   * function.
   */
  brokenStretches(nameOrArn: string | undefined): readonly BrokenStretch[] {
    return nameOrArn === undefined ? [] : this.#resources.brokenStretches(nameOrArn);
  }

  /** Reserves no concurrency for a function, or leaves it what others leave. */
  throttle(nameOrArn: string, isThrottled: boolean): void {
    if (!this.exists(nameOrArn)) return;
    this.#resources.deploy(nameOrArn, { reservedConcurrency: isThrottled ? 0 : undefined });
  }

  /** Returns the timeout of a function, in milliseconds. */
  timeoutMs(nameOrArn: string): number {
    return (this.#resources.find(nameOrArn)?.timeoutSeconds ?? 0) * SECOND;
  }

  /** True when a role is the one of a function or one that a function assumes. */
  isRole(role: string): boolean {
    return this.all().some(({ name, assumedRole }) => name === role || assumedRole === role);
  }

  all(): readonly RotationFunction[] {
    return [...this.#byArn.values()];
  }
}
