import { onTestFinished } from 'vitest';
import type { Instant } from '../../src/calendar/instant.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';
import { NOW } from './builders.ts';

/** A simulator whose clock the test moves. */
export interface TestSimulator extends Simulator {
  readonly clock: VirtualClock;
}

/** An empty simulated AWS at {@link NOW}; closed when the test ends. */
export function aSimulator(
  start: Instant = NOW,
  seed = 1,
  options: Pick<SimulatorOptions, 'skipsWireFormats'> = {},
): TestSimulator {
  const clock = new VirtualClock(start);
  const simulator = createSimulator({ clock, seed, ...options });
  onTestFinished(() => simulator.close());
  return { ...simulator, clock };
}

/** The part of an SDK client's configuration that tests set. */
export interface SdkConfig {
  readonly region: string;
  readonly requestHandler: ReturnType<Simulator['requestHandler']>;
  readonly maxAttempts: number;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * Returns the options by which an unmodified SDK client calls the simulator in process, as `role`; it tries only once.
 */
export const sdk = (simulator: Simulator, role = 'test'): SdkConfig => ({
  region: simulator.home.region,
  requestHandler: simulator.requestHandler(role),
  maxAttempts: 1,
  credentials: { accessKeyId: role, secretAccessKey: 'simulated' },
});
