import { inspect } from 'node:util';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { RotationEvent } from '../rotation/rotation-handler.ts';
import { RehearsalSecrets } from './rehearsal-secrets.ts';
import { type RemoteHandler, RemoteStage } from './remote-handler.ts';

/** Fields of a secret. */
export type Fields = Readonly<Record<string, unknown>>;

/** The handler to rehearse: `handle` of a RotationHandler, or any function that takes its event. */
export type RehearsedHandler = (event: RotationEvent) => Promise<void>;

/** The handler, the secrets and the target of a rehearsal. */
export interface RehearseOptions {
  /**
   * Makes the handler for a client of the SDK; its log goes to `log`. Or where a function runs that finds its secrets
   * at a port of this machine.
   */
  readonly handler:
    | ((client: SecretsManagerClient, log: (line: unknown) => void) => RehearsedHandler)
    | RemoteHandler;
  /** The value of AWSCURRENT at the beginning. */
  readonly secret: Fields;
  /** Other secrets the handler may read, by ARN, such as the master secret. */
  readonly otherSecrets?: Readonly<Record<string, string>> | undefined;
  readonly database: {
    /** Lets the target accept the secret of the beginning and nothing else. Called before every act. */
    reset(): Promise<void>;
    /** Whether the target accepts a value. */
    accepts(secret: Fields): Promise<boolean>;
  };
  /** Fields that a rotation changes: no log line or error may hold their values. @default ['password'] */
  readonly secretKeys?: readonly string[] | undefined;
  /**
   * Other values for fields that name the target. Where the target answers under them too, a handler that does not
   * compare is found for certain. @default { username: 'elsewhere', host: 'elsewhere', port: 1 }
   */
  readonly elsewhere?: Fields | undefined;
  /** A value of another user that the target accepts: no act may change it. */
  readonly otherUser?: Fields | undefined;
  /** Whether setSecret may log in with AWSPREVIOUS when AWSCURRENT is refused. @default false */
  readonly usesPrevious?: boolean | undefined;
  /** Values of AWSCURRENT that cannot be rotated: createSecret has to refuse them. */
  readonly wrongSecrets?: readonly Fields[] | undefined;
  /** Other secrets that are wrong, such as the master secret of another host: setSecret has to refuse them. */
  readonly wrongOtherSecrets?: readonly Readonly<Record<string, string>>[] | undefined;
}

/** The fields of a text; none where it is no JSON object, as a handler may put anything. */
export function fieldsOf(text: string | undefined): Fields {
  try {
    return (JSON.parse(text ?? '{}') ?? {}) as Fields;
  } catch {
    return {};
  }
}

/** The four steps, in order. */
export const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** Errors of a handler that did not look before it leapt: they refuse nothing. */
const CRASHES: ReadonlySet<string> = new Set(['TypeError', 'ReferenceError', 'RangeError']);

/** The outcome of one step. */
type Ended = 'well' | 'refused' | 'crashed';

/** One act on a secret and a target that are as at the beginning. */
export class Stage {
  readonly secrets: RehearsalSecrets;
  /** Everything that was logged or thrown. */
  readonly said: unknown[];
  readonly #handle: RehearsedHandler;

  constructor(options: RehearseOptions, remote: RemoteStage | undefined, said: unknown[] = []) {
    const { secret, otherSecrets = {}, handler } = options;
    this.said = said;
    this.secrets = new RehearsalSecrets(JSON.stringify(secret), otherSecrets);
    remote?.serve(this.secrets);
    if (typeof handler === 'function')
      this.#handle = handler(this.secrets.client(), (line) => void this.said.push(line));
    else this.#handle = async (event) => remote?.invoke(event);
    this.secrets.begin('token-2');
  }

  /** Runs a step; answers whether it failed. */
  async fails(Step: string, token?: string): Promise<boolean> {
    return (await this.#run(Step, token)) !== 'well';
  }

  /** Runs a step; answers whether it failed on purpose. */
  async refuses(Step: string, token?: string): Promise<boolean> {
    return (await this.#run(Step, token)) === 'refused';
  }

  /** Runs all steps; answers whether one failed. */
  async rotationFails(token?: string, times = 1): Promise<boolean> {
    for (const step of STEPS)
      for (let time = 0; time < times; time++) if (await this.fails(step, token)) return true;
    return false;
  }

  /** The fields of the version that has a stage. */
  value(stage: string): Fields {
    return fieldsOf(this.secrets.at(stage)?.text);
  }

  /** Changes fields of a version behind the handler's back. */
  change(stage: string, fields: Fields): void {
    const { id } = this.secrets.at(stage) ?? {};
    const version = id === undefined ? undefined : this.secrets.versions.get(id);
    if (version !== undefined) version.text = JSON.stringify({ ...this.value(stage), ...fields });
  }

  isCurrent(token: string): boolean {
    return this.secrets.at('AWSCURRENT')?.id === token;
  }

  async #run(Step: string, ClientRequestToken = 'token-2'): Promise<Ended> {
    try {
      await this.#handle({ Step, SecretId: this.secrets.secretId, ClientRequestToken });
      return 'well';
    } catch (error) {
      // Drivers add fields to their errors, such as the statement.
      this.said.push(inspect(error, { depth: null }));
      return error instanceof Error && CRASHES.has(error.name) ? 'crashed' : 'refused';
    }
  }
}

/**
 * Opens the port at which a function outside this process finds its secrets; undefined for a function of this process.
 */
export async function openRemote({ handler }: RehearseOptions): Promise<RemoteStage | undefined> {
  if (typeof handler === 'function') return undefined;
  const remote = new RemoteStage(handler);
  await remote.listen(handler);
  return remote;
}
