import { seededRandom } from '../../simulator/call/random.ts';
import { presentRun } from '../../simulator/lambda/function-run.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { Scenario } from './scenario.ts';

/** Chance of the kills apart from all other chance, so that a run without them is the same run. */
const KILL_SEED = 7919;

/**
 * Lets the calls of the monitor's functions suffer what the scenario says: throttling, and kills between two awaits.
 * A killed run fails as a crashed Lambda function does: its code never hears of it.
 */
export function troubleCalls(
  { faults }: Pick<Simulator, 'faults'>,
  { faults: { throttle, kill }, seed }: Scenario,
  roles: readonly string[],
): void {
  if (throttle > 0) {
    for (const role of roles) faults.add({ kind: 'throttled', probability: throttle, role });
  }
  if (kill <= 0) return;
  const random = seededRandom(seed + KILL_SEED);
  faults.before(({ role }) => {
    if (!roles.includes(role) || random.next() >= kill) return;
    presentRun()?.kill();
    return new Promise<void>(() => undefined);
  });
}
