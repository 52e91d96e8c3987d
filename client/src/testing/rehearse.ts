import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { RotationEvent } from '../rotation/rotation-handler.ts';
import { RehearsalSecrets } from './rehearsal-secrets.ts';

/** What rotates: `handle` of a RotationHandler, or any function that takes its event. */
export type RehearsedHandler = (event: RotationEvent) => Promise<void>;

/** What a rehearsal needs. */
export interface RehearseOptions {
  /** Makes the handler for a client of the SDK. Its log goes to `log`. */
  readonly handler: (client: SecretsManagerClient, log: (line: unknown) => void) => RehearsedHandler;
  /** The value of AWSCURRENT at the beginning. */
  readonly secret: Readonly<Record<string, unknown>>;
  /** Other secrets the handler may read, by ARN, such as the master secret. */
  readonly otherSecrets?: Readonly<Record<string, string>> | undefined;
  readonly database: {
    /** Lets the target accept the secret of the beginning and nothing else. Called before every act. */
    reset(): Promise<void>;
    /** Whether the target accepts a value. */
    accepts(secret: Readonly<Record<string, unknown>>): Promise<boolean>;
  };
  /** Fields that a rotation changes: no log line or error may hold their values. @default ['password'] */
  readonly secretKeys?: readonly string[] | undefined;
}

/** What a rehearsal found: the promises that the handler breaks, each in one sentence. */
export interface Rehearsal {
  readonly broken: readonly string[];
  /** Everything that was checked. */
  readonly checked: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

/** One act on a secret and a target that are as at the beginning. */
class Stage {
  readonly secrets: RehearsalSecrets;
  readonly said: unknown[] = [];
  readonly #handle: RehearsedHandler;

  constructor({ secret, otherSecrets = {}, handler }: RehearseOptions) {
    this.secrets = new RehearsalSecrets(JSON.stringify(secret), otherSecrets);
    this.#handle = handler(this.secrets.client(), (line) => void this.said.push(line));
    this.secrets.begin('token-2');
  }

  /** Runs a step; answers whether it failed. */
  async fails(Step: string, ClientRequestToken = 'token-2'): Promise<boolean> {
    try {
      await this.#handle({ Step, SecretId: this.secrets.secretId, ClientRequestToken });
      return false;
    } catch (error) {
      this.said.push(error instanceof Error ? [error.message, error.stack, String(error.cause)] : error);
      return true;
    }
  }

  /** Runs all steps; answers whether one failed. */
  async rotationFails(token?: string, times = 1): Promise<boolean> {
    for (const step of STEPS)
      for (let time = 0; time < times; time++) if (await this.fails(step, token)) return true;
    return false;
  }

  value(stage: string): Fields {
    return JSON.parse(this.secrets.at(stage)?.text ?? '{}') as Fields;
  }

  isCurrent(token: string): boolean {
    return this.secrets.at('AWSCURRENT')?.id === token;
  }
}

type Act = (stage: Stage, options: RehearseOptions) => Promise<boolean>;

/** AWSCURRENT is the version of the token, and the target accepts it. */
const endedWell = async (stage: Stage, { database }: RehearseOptions, token = 'token-2'): Promise<boolean> =>
  stage.isCurrent(token) && (await database.accepts(stage.value('AWSCURRENT')));

/** A step in a state in which it makes no sense fails and writes nothing. */
const refuses =
  (prepare: (stage: Stage) => void, token?: string): Act =>
  async (stage) => {
    prepare(stage);
    for (const step of STEPS) if (!(await stage.fails(step, token))) return false;
    return stage.secrets.writes === 0;
  };

/** Changes the pending value behind the handler's back, and expects setSecret to refuse it. */
const refusesTarget =
  (field: string): Act =>
  async (stage, { secret, database }) => {
    await stage.fails('createSecret');
    const pending = stage.secrets.versions.get('token-2');
    if (pending === undefined || !(field in secret)) return true;
    pending.text = JSON.stringify({ ...stage.value('AWSPENDING'), [field]: 'elsewhere' });
    return (await stage.fails('setSecret')) && database.accepts(secret);
  };

const ACTS: Readonly<Record<string, Act>> = {
  'a rotation ends with an AWSCURRENT that the target accepts': async (stage, options) =>
    !(await stage.rotationFails()) && endedWell(stage, options),
  'every step can be repeated': async (stage, options) =>
    !(await stage.rotationFails(undefined, 2)) && endedWell(stage, options),
  'createSecret changes neither AWSCURRENT nor the target': async (stage, { secret, database }) =>
    !(await stage.fails('createSecret')) && stage.isCurrent('version-1') && database.accepts(secret),
  'createSecret makes a new secret part': async (stage, { secret, secretKeys = ['password'] }) => {
    await stage.fails('createSecret');
    const pending = stage.value('AWSPENDING');
    return secretKeys.every((key) => pending[key] !== undefined && pending[key] !== secret[key]);
  },
  'createSecret keeps a pending value that is there': async (stage) => {
    await stage.fails('createSecret');
    const before = stage.secrets.at('AWSPENDING')?.text;
    await stage.fails('createSecret');
    return before !== undefined && stage.secrets.at('AWSPENDING')?.text === before;
  },
  'AWSCURRENT moves at finishSecret and not before': async (stage) => {
    for (const step of STEPS.slice(0, 3)) await stage.fails(step);
    return stage.isCurrent('version-1');
  },
  'testSecret fails while the target refuses the pending value': async (stage) => {
    await stage.fails('createSecret');
    return stage.fails('testSecret');
  },
  'a second rotation works': async (stage, options) => {
    if (await stage.rotationFails()) return false;
    stage.secrets.begin('token-3');
    return !(await stage.rotationFails('token-3')) && endedWell(stage, options, 'token-3');
  },
  'a version that is AWSCURRENT already is left alone': async (stage) => {
    stage.secrets.versions.delete('token-2');
    const failed = await stage.rotationFails('version-1');
    return !failed && stage.secrets.writes === 0;
  },
  'a secret whose rotation is off is refused': refuses((stage) => {
    stage.secrets.rotationEnabled = false;
  }),
  'a token without a version is refused': refuses(() => undefined, 'token-9'),
  'a token that is not AWSPENDING is refused': refuses((stage) => {
    stage.secrets.versions.set('token-2', { text: '{}', stages: ['CUSTOM'] });
  }),
  'an unknown step is refused': async (stage) =>
    (await stage.fails('otherSecret')) && stage.secrets.writes === 0,
  'a pending value of another user is refused': refusesTarget('username'),
  'a pending value of another host is refused': refusesTarget('host'),
};

/**
 * Plays a rotation handler through what happens to rotations, against a Secrets Manager in memory and your target:
 * repeated steps, an end between any two calls and a retry with the same token, states in which a step makes no
 * sense, pending values of another user or place, and a second rotation.
 *
 * @example
 * const { broken } = await rehearse({
 *   handler: (client, log) => mysqlRotation({ client, log }).handle,
 *   secret,
 *   database: { reset, accepts },
 * });
 * assert.deepEqual(broken, []);
 */
export async function rehearse(options: RehearseOptions): Promise<Rehearsal> {
  const broken: string[] = [];
  const checked: string[] = [];
  const said: unknown[] = [];
  const values = new Set<string>();
  const play = async (name: string, act: Act): Promise<Stage> => {
    await options.database.reset();
    const stage = new Stage(options);
    checked.push(name);
    if (!(await act(stage, options))) broken.push(name);
    said.push(...stage.said);
    for (const { text } of stage.secrets.versions.values())
      for (const value of secretsIn(text, options)) values.add(value);
    return stage;
  };
  for (const [name, act] of Object.entries(ACTS)) await play(name, act);
  const { secrets } = await play('a rotation makes calls', async (stage) => !(await stage.rotationFails()));
  for (let calls = 0; calls < secrets.calls; calls++) {
    const name = `a function that ends after call ${calls + 1} is repeated with the same token`;
    await play(name, (stage) => killedAndRepeated(stage, options, calls));
  }
  checked.push('no log line and no error shows a value');
  const text = JSON.stringify(said);
  if ([...values].some((value) => text.includes(value)))
    broken.push('no log line and no error shows a value');
  return { broken, checked };
}

/** Lets the function end after some calls, once, and repeats the step as Secrets Manager does. */
async function killedAndRepeated(stage: Stage, options: RehearseOptions, calls: number): Promise<boolean> {
  stage.secrets.killAfter = calls;
  for (const step of STEPS) {
    if (!(await stage.fails(step))) continue;
    stage.secrets.killAfter = Number.POSITIVE_INFINITY;
    if (await stage.fails(step)) return false;
  }
  return endedWell(stage, options);
}

/** Secret parts long enough to be looked for in texts. */
function secretsIn(
  text: string | undefined,
  { secretKeys = ['password'] }: RehearseOptions,
): readonly string[] {
  const fields = JSON.parse(text ?? '{}') as Fields;
  return secretKeys.map((key) => String(fields[key] ?? '')).filter((value) => value.length >= 8);
}
