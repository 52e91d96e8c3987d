import { once } from 'node:events';
import { createServer } from 'node:net';
import { MINUTE } from '../../calendar/instant.ts';
import type { Home } from '../../simulator/call/service.ts';
import type { NewRotationFunction } from '../../simulator/secrets-manager/rotation/rotation-function.ts';
import { remoteFunction } from '../../simulator/secrets-manager/rotation/rotation-step.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';
import { networkPost } from '../../simulator/sns/http-post.ts';
import { RealClock } from '../../simulator/time/clock.ts';
import type { FunctionAddress } from '../terminal/options.ts';
import { type PlayRequest, playUntilNow } from './play-scenario.ts';

/** Options of a simulator's start. */
export interface SimulateRequest {
  /** 0 for any free port. */
  readonly port: number;
  readonly host: string;
  /** The past of the account; undefined for an empty one. */
  readonly play: PlayRequest | undefined;
  /** Rotation functions that run elsewhere; one with the name of a function of the scenario takes its place from now on. */
  readonly remote: readonly FunctionAddress[];
}

/** A simulator that serves clients. */
export interface RunningSimulator {
  readonly endpoint: string;
  readonly home: Home;
  /** Names of the rotation functions that secrets can be given. */
  readonly functions: readonly string[];
  /** Those of them that run elsewhere. */
  readonly remote: readonly FunctionAddress[];
  /** Names of the secrets it began with. */
  readonly secrets: readonly string[];
  /** Stops serving and frees everything. */
  stop(): Promise<void>;
}

/** Rotation functions for those who bring no scenario: one that works, and one for each way to break. */
const FUNCTIONS: readonly NewRotationFunction[] = [
  { name: 'rotate', behaviour: 'healthy' },
  { name: 'rotate-alternating-users', behaviour: 'alternating-users' },
  { name: 'fail-at-create-secret', behaviour: 'error', step: 'createSecret' },
  { name: 'fail-at-set-secret', behaviour: 'error', step: 'setSecret' },
  { name: 'fail-at-test-secret', behaviour: 'error', step: 'testSecret' },
  { name: 'fail-at-finish-secret', behaviour: 'error', step: 'finishSecret' },
  { name: 'fail-once', behaviour: 'flaky', step: 'setSecret', times: 1 },
  { name: 'hang', behaviour: 'hang', step: 'setSecret' },
];

/** Starts a simulator in real time, after it has played what is to have happened. */
export const startSimulator = ({ play, ...where }: SimulateRequest): Promise<RunningSimulator> =>
  play === undefined ? startEmpty(where) : startPlayed(where, play);

type Where = Omit<SimulateRequest, 'play'>;

/** The longest timeout of Lambda. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const TIMEOUT_MS: number = 15 * MINUTE;

async function startEmpty(where: Where): Promise<RunningSimulator> {
  const simulator = createSimulator({ clock: new RealClock(), seed: 1, post: networkPost });
  for (const rotator of FUNCTIONS) simulator.secretsManager.functions.register(rotator);
  return serve(where, { simulator, secrets: [], close: () => simulator.close() });
}

async function startPlayed(where: Where, play: PlayRequest): Promise<RunningSimulator> {
  await checkFree(where);
  const played = await playUntilNow(play);
  const { simulator, secrets } = played.drill;
  const running = await serve(where, { simulator, secrets, close: () => played.stop() });
  await played.goLive();
  return running;
}

/** Fails where nobody can listen there: a scenario takes a minute, and is not played in vain. */
async function checkFree({ port, host }: Where): Promise<void> {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

interface Served {
  readonly simulator: Simulator;
  readonly secrets: readonly string[];
  readonly close: () => Promise<void>;
}

async function serve(where: Where, { simulator, secrets, close }: Served): Promise<RunningSimulator> {
  const { functions } = simulator.secretsManager;
  for (const { name, url } of where.remote) {
    functions.register({ name, behaviour: 'healthy', handler: remoteFunction(url, TIMEOUT_MS) });
  }
  const listening = await simulator.listen(where);
  return {
    endpoint: listening.endpoint,
    home: simulator.home,
    functions: functions.all().map(({ name }) => name),
    remote: where.remote,
    secrets,
    stop: async () => {
      await listening.close();
      await close();
    },
  };
}
