import { type Instant, parseInstant } from '../../../src/calendar/instant.ts';
import type { InProcessHandler } from '../../../src/simulator/protocols/in-process-handler.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../../src/simulator/simulator.ts';
import { VirtualClock } from '../../../src/simulator/time/clock.ts';

/** The time at which the accounts of these tests begin. */
export const START: Instant = parseInstant('2026-11-21T10:00:00Z') ?? fail();

/** A simulator with a clock that tests drive. */
export interface OpenAccount extends Simulator {
  readonly clock: VirtualClock;
}

/** An empty account at START. */
export function openAccount(options: Partial<SimulatorOptions> = {}): OpenAccount {
  const clock = new VirtualClock(START);
  return { ...createSimulator({ seed: 7, ...options, clock }), clock };
}

/** Settings of an SDK client. */
export interface ClientSettings {
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
  readonly requestHandler: InProcessHandler;
}

/** Settings of an SDK client whose calls reach the account as those of `role`; it does not retry. */
export const clientOf = (account: Simulator, role = 'tester'): ClientSettings => ({
  region: 'eu-west-1',
  credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
  maxAttempts: 1,
  requestHandler: account.requestHandler(role),
});

function fail(): never {
  throw new Error('Cannot read the start of the tests');
}
