import { DAY, type Instant, later, MINUTE } from '../../src/calendar/instant.ts';
import type { NewRotationFunction } from '../../src/simulator/secrets-manager/rotation/rotation-function.ts';
import type { SeedSecret } from '../../src/simulator/secrets-manager/seed.ts';
import { START } from './deployed.ts';
import type { TestSimulator } from './simulated.ts';

/** The secret that failure modes happen to. */
export const NAME = 'app/db';
/** The version that rotations on demand make. */
const TOKEN = '0d0d0d0d-0000-4000-8000-000000000001';

/** A play of a failure mode: the account, the event, and the time to look on. */
export interface Play {
  prepare(simulator: TestSimulator): void;
  /** Makes it happen, some minutes after the first sweep; answers when it began. */
  begin(simulator: TestSimulator): Promise<Instant>;
  /** Time after its beginning from which nobody has to look on. */
  readonly forMs: number;
}

/** Long enough for a version to be stuck and reported. */
const USUAL_MS: number = 75 * MINUTE;

/** A rotation function as a play describes it. */
export type Rotator = Omit<NewRotationFunction, 'name'>;

/** Parts of a play that differ from the usual. */
interface Given {
  readonly secret?: Partial<SeedSecret>;
  /** Continues after the rotation was asked for; answers the time at which the failure mode began. */
  readonly next?: (simulator: TestSimulator) => Promise<Instant>;
  readonly forMs?: number;
}

/** Calls an operation of Secrets Manager on {@link NAME}, as an operator does. */
export const call = (
  simulator: TestSimulator,
  operation: string,
  input: Readonly<Record<string, unknown>> = {},
): Promise<unknown> => simulator.call('secretsmanager', operation, { SecretId: NAME, ...input }, 'operator');

/** Asks for a rotation now; answers when. */
export async function rotate(
  simulator: TestSimulator,
  input: Readonly<Record<string, unknown>> = {},
): Promise<Instant> {
  await call(simulator, 'RotateSecret', { ClientRequestToken: TOKEN, ...input });
  return simulator.clock.now();
}

/** Registers the function `rotate` and seeds a secret that rotates by it at noon. */
export function seed(simulator: TestSimulator, rotator: Rotator, secret: Partial<SeedSecret> = {}): void {
  simulator.secretsManager.functions.register({ name: 'rotate', ...rotator });
  simulator.secretsManager.seed({
    name: NAME,
    kind: 'function',
    function: 'rotate',
    schedule: 'cron(0 12 * * ? *)',
    duration: '1h',
    ...secret,
  });
}

/** A play in which a rotation is asked for. */
export const rotating = (rotator: Rotator, { secret, next, forMs = USUAL_MS }: Given = {}): Play => ({
  prepare: (simulator) => seed(simulator, rotator, secret),
  begin: async (simulator) => {
    const asked = await rotate(simulator);
    return next === undefined ? asked : next(simulator);
  },
  forMs,
});

/** A play in which nobody asks for a rotation. */
export const happening = (
  prepare: Play['prepare'],
  begin: Play['begin'] = async ({ clock }) => clock.now(),
  forMs: number = USUAL_MS,
): Play => ({ prepare, begin, forMs });

/** Lets time go by and then makes a call; answers when. */
export const afterwards =
  (ms: number, operation: string, input: Readonly<Record<string, unknown>> = {}) =>
  async (simulator: TestSimulator): Promise<Instant> => {
    await simulator.clock.advance(ms);
    const at = simulator.clock.now();
    await call(simulator, operation, input);
    return at;
  };

/** Changes the rotation function as somebody does who knows nothing of the rotation; answers when. */
export const changing =
  (operation: string, input: Readonly<Record<string, unknown>> = {}) =>
  async (simulator: TestSimulator): Promise<Instant> => {
    await simulator.call('lambda', operation, { FunctionName: 'rotate', ...input }, 'deployer');
    return simulator.clock.now();
  };

/** Puts a value by hand, as somebody does who does not know of the rotation. */
export const putValue = (ms: number): ((simulator: TestSimulator) => Promise<Instant>) =>
  afterwards(ms, 'PutSecretValue', {
    ClientRequestToken: '0d0d0d0d-0000-4000-8000-000000000002',
    SecretString: '{"username":"app","password":"made-up"}',
  });

/** Removes AWSPENDING while setSecret works on the version. */
export async function takeLabelOff(simulator: TestSimulator): Promise<Instant> {
  const reached = () => simulator.secretsManager.history(NAME).at(-1)?.stepReached;
  while (reached() !== 'createSecret') await simulator.clock.advance(MINUTE / 4);
  const input = { VersionStage: 'AWSPENDING', RemoveFromVersionId: TOKEN };
  return afterwards(0, 'UpdateSecretVersionStage', input)(simulator);
}

/** A secret whose window passes without an attempt. */
export const missing = (secret: Partial<SeedSecret>): Play => {
  const dueAt = later(START, 20 * MINUTE);
  return happening(
    (simulator) => {
      seed(simulator, { behaviour: 'healthy' }, { nextRotationAt: dueAt, ...secret });
      simulator.secretsManager.configure(NAME, { missesWindows: true });
    },
    async ({ clock }) => {
      await clock.advanceTo(dueAt);
      return dueAt;
    },
    25 * MINUTE,
  );
};

/** A secret that comes into sight with an old empty pending version, which no event reported. */
export const leftover = (pendingDays: number, secret: Partial<SeedSecret> = {}): Play =>
  happening(
    () => undefined,
    async (simulator) => {
      const now = simulator.clock.now();
      seed(
        simulator,
        { behaviour: 'healthy' },
        {
          versions: [
            { stages: ['AWSCURRENT'], createdAt: later(now, -40 * DAY) },
            { stages: ['AWSPENDING'], value: null, createdAt: later(now, -pendingDays * DAY) },
          ],
          ...secret,
        },
      );
      return now;
    },
    10 * MINUTE,
  );
