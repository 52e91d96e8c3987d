import { RealClock } from '../../simulator/clock.ts';
import { prepare } from '../../simulator/scenario/prepare.ts';
import type { Scenario } from '../../simulator/scenario/scenario.ts';
import type { NewRotationFunction } from '../../simulator/secrets-manager/rotation-function.ts';
import type { Home } from '../../simulator/service.ts';
import { createSimulator } from '../../simulator/simulator.ts';

/** How the simulator starts. */
export interface SimulateRequest {
  /** 0 for any free port. */
  readonly port: number;
  readonly host: string;
  /** What the account begins with; undefined for an empty one. */
  readonly scenario: Scenario | undefined;
}

/** A simulator that serves clients. */
export interface RunningSimulator {
  readonly endpoint: string;
  readonly home: Home;
  /** Names of the rotation functions that secrets can be given. */
  readonly functions: readonly string[];
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

/** Starts a simulator in real time. */
export async function startSimulator({ port, host, scenario }: SimulateRequest): Promise<RunningSimulator> {
  const simulator = createSimulator({ clock: new RealClock(), seed: scenario?.seed ?? 1 });
  const { functions } = simulator.secretsManager;
  if (scenario === undefined) for (const rotator of FUNCTIONS) functions.register(rotator);
  const secrets = scenario === undefined ? [] : [...prepare(simulator, scenario).secrets.keys()];
  const listening = await simulator.listen({ port, host });
  return {
    endpoint: listening.endpoint,
    home: simulator.home,
    functions: functions.all().map(({ name }) => name),
    secrets,
    stop: async () => {
      await listening.close();
      await simulator.close();
    },
  };
}
