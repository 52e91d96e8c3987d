import type { ClientProvider } from '../aws/secrets-manager-source.ts';
import type { SecretValue } from '../cache/secret-value.ts';
import { RotationSecrets } from './rotation-secrets.ts';

/** The event that Secrets Manager sends a rotation function. */
export interface RotationEvent {
  readonly Step: string;
  readonly SecretId: string;
  /** Id of the pending version. */
  readonly ClientRequestToken: string;
  /** Token for rotation across accounts; passed on when the value is put. */
  readonly RotationToken?: string | undefined;
}

/** One line of a handler's log: never a value. */
export interface RotationLog {
  readonly step: string;
  readonly secretId: string;
  readonly token: string;
  readonly message: string;
}

/** Options of every rotation handler. */
export interface RotationHandlerOptions {
  /** Client of Secrets Manager. @default the SDK's own chain */
  readonly client?: ClientProvider | undefined;
  /** Receiver of the log lines. @default one JSON line on stdout */
  readonly log?: ((line: RotationLog) => void) | undefined;
}

/** The versions of a secret that a step may look at. */
export interface RotationVersions {
  readonly current: SecretValue;
  readonly pending: SecretValue;
  /** AWSPREVIOUS, if there is one. */
  previous(): Promise<SecretValue | undefined>;
}

/** A rotation cannot go on. The message carries no value. */
export class RotationError extends Error {
  override readonly name = 'RotationError';
}

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/**
 * A rotation function: the four steps with the checks of AWS's own templates. Every step may be repeated, and a step
 * that was done does nothing. A class says how a new value is made, how it is set and how it is tested.
 *
 * @example
 * class ApiToken extends RotationHandler {
 *   protected newValue = async () => JSON.stringify({ token: await api.issueToken() });
 *   protected set = async () => undefined; // issued tokens work at once
 *   protected test = async ({ pending }) => api.whoAmI(pending.json().token);
 * }
 * export const handler = new ApiToken().handle;
 */
export abstract class RotationHandler {
  /** The calls to Secrets Manager, for subclasses that read further secrets. */
  protected readonly secrets: RotationSecrets;
  readonly #log: (line: RotationLog) => void;

  constructor({ client, log }: RotationHandlerOptions = {}) {
    this.secrets = new RotationSecrets(client);
    this.#log = log ?? ((line) => void process.stdout.write(`${JSON.stringify(line)}\n`));
  }

  /** The text of the new version. */
  protected abstract newValue(current: SecretValue): string | Promise<string>;

  /** Makes the target accept the pending value. It may have been done before. */
  protected abstract set(versions: RotationVersions): Promise<void>;

  /** Proves that the target accepts the pending value. */
  protected abstract test(versions: RotationVersions): Promise<void>;

  /**
   * Handles one step.
   *
   * @throws {RotationError} The secret is not in a state in which this step makes sense.
   */
  readonly handle = async (event: RotationEvent): Promise<void> => {
    const { Step, SecretId, ClientRequestToken } = event;
    const say = (message: string) =>
      this.#log({ step: Step, secretId: SecretId, token: ClientRequestToken, message });
    const step = STEPS.find((one) => one === Step);
    if (step === undefined) throw new RotationError(`Cannot rotate as the step is unknown: got "${Step}"`);
    const stages = await this.#stages(event);
    if (stages === 'done') return say('The version is AWSCURRENT already');
    await this.#steps[step](event, stages);
    say('Done');
  };

  readonly #steps: Readonly<
    Record<(typeof STEPS)[number], (event: RotationEvent, current: string | undefined) => Promise<void>>
  > = {
    createSecret: (event) => this.#create(event),
    setSecret: async (event) => this.set(await this.#versions(event)),
    testSecret: async (event) => this.test(await this.#versions(event)),
    finishSecret: (event, current) => this.#finish(event, current),
  };

  /** Checks that the token may be rotated; answers the version that is AWSCURRENT. */
  async #stages({ SecretId, ClientRequestToken }: RotationEvent): Promise<string | undefined | 'done'> {
    const { RotationEnabled, VersionIdsToStages = {} } = await this.secrets.describe(SecretId);
    const fail = (why: string) => new RotationError(`Cannot rotate secret "${SecretId}" as ${why}`);
    if (RotationEnabled !== true) throw fail('rotation is not enabled');
    const stages = VersionIdsToStages[ClientRequestToken];
    if (stages === undefined) throw fail(`version ${ClientRequestToken} has no stage`);
    if (stages.includes('AWSCURRENT')) return 'done';
    if (!stages.includes('AWSPENDING')) throw fail(`version ${ClientRequestToken} is not AWSPENDING`);
    return Object.entries(VersionIdsToStages).find(([, labels]) => labels.includes('AWSCURRENT'))?.[0];
  }

  async #create({ SecretId, ClientRequestToken, RotationToken }: RotationEvent): Promise<void> {
    const current = await this.secrets.read(SecretId, 'AWSCURRENT');
    if ((await this.secrets.find(SecretId, 'AWSPENDING', ClientRequestToken)) !== undefined) return;
    await this.secrets.put(SecretId, ClientRequestToken, await this.newValue(current), RotationToken);
  }

  async #versions({ SecretId, ClientRequestToken }: RotationEvent): Promise<RotationVersions> {
    return {
      pending: await this.secrets.pending(SecretId, ClientRequestToken),
      current: await this.secrets.read(SecretId, 'AWSCURRENT'),
      previous: () => this.secrets.find(SecretId, 'AWSPREVIOUS'),
    };
  }
  /** AWSCURRENT never moves to a version without a value. */
  async #finish({ SecretId, ClientRequestToken }: RotationEvent, current: string | undefined): Promise<void> {
    await this.secrets.pending(SecretId, ClientRequestToken);
    await this.secrets.promote(SecretId, ClientRequestToken, current);
  }
}
