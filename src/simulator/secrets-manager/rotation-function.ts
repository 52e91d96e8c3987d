import type { Home } from '../service.ts';
import type { RotationStep } from './version-stages.ts';

/** What a rotation function does wrong, if anything. */
export type FunctionBehaviour = 'healthy' | 'error' | 'hang' | 'slow' | 'flaky' | 'alternating-users';

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
  /** The step where it fails or hangs; setSecret when not given. */
  readonly step?: RotationStep;
  /** How often a flaky function fails; once when not given. */
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
export type NewRotationFunction = Omit<RotationFunction, 'arn'> & { readonly arn?: string };

/** True for a function that gives its secret two users in turn. */
export const alternates = ({ behaviour, alternatesUsers }: RotationFunction): boolean =>
  behaviour === 'alternating-users' || alternatesUsers === true;

/** The rotation functions of the account, by name or ARN. */
export class RotationFunctions {
  readonly #byArn = new Map<string, RotationFunction>();
  readonly #home: Home;

  constructor(home: Home) {
    this.#home = home;
  }

  /** Adds a function or replaces the one with its name, as an operator does who repairs the code. */
  register(added: NewRotationFunction): RotationFunction {
    const registered = { ...added, arn: added.arn ?? this.#arnOf(added.name) };
    this.#byArn.set(registered.arn, registered);
    return registered;
  }

  /** The function with this name, ARN or qualified ARN, also when it is gone. */
  find(nameOrArn: string): RotationFunction | undefined {
    const arn = nameOrArn.startsWith('arn:')
      ? nameOrArn.split(':').slice(0, 7).join(':')
      : this.#arnOf(nameOrArn);
    return this.#byArn.get(arn);
  }

  /** The function if Secrets Manager can invoke it. */
  invocable(nameOrArn: string): RotationFunction | undefined {
    const found = this.find(nameOrArn);
    return (found?.presence ?? 'present') === 'present' ? found : undefined;
  }

  /** True when a role is the one of a function or one that a function assumes. */
  isRole(role: string): boolean {
    return this.all().some(({ name, assumedRole }) => name === role || assumedRole === role);
  }

  all(): readonly RotationFunction[] {
    return [...this.#byArn.values()];
  }

  #arnOf(name: string): string {
    return `arn:aws:lambda:${this.#home.region}:${this.#home.account}:function:${name}`;
  }
}
