import { DAY, HOUR, later, SECOND } from '../../src/calendar/instant.ts';
import { sweepSecrets } from '../../src/monitor/application/sweep/sweep-secrets.ts';
import { SHOWN_AFTER_MS } from '../../src/monitor/domain/alert/notification.ts';
import { freshTarget } from '../../src/monitor/domain/state/secret-state.ts';
import { type MonitorPlan, planMonitor } from '../../src/proving/player/monitor.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { compose } from './compose.ts';

/** Name of the secret that is stuck behind a function of its own. */
export const ALONE = 'alone';

/**
 * Lets so many secrets get stuck behind one function, and {@link ALONE} behind another, and has them found in process
 * after the baseline; answers how many states still have something to say. The delivery is woken when all are found,
 * however short the plan lets groups wait.
 */
export async function stuckCrowd(
  simulator: Simulator,
  crowd: number,
  { config, functionOf }: MonitorPlan = planMonitor(simulator.home),
): Promise<() => Promise<number>> {
  const { clock, home } = simulator;
  seed(simulator, crowd);
  const inProcess = compose(config, {
    // What is found here is not measured: its pauses between calls take no time.
    clock: { now: () => clock.now(), pause: async () => undefined },
    requestHandler: simulator.requestHandler(functionOf('sweep').role),
    writeLine: () => undefined,
  });
  await inProcess.store.writeTarget({ ...freshTarget(home), baselineAt: clock.now() });
  await sweepSecrets({ ...inProcess, queue: { wake: async () => undefined } });
  await inProcess.queue.wake(Math.max(SHOWN_AFTER_MS, inProcess.settings.groupWaitMs) / SECOND);
  return async () => (await inProcess.store.undelivered()).length;
}

function seed({ secretsManager, clock }: Simulator, crowd: number): void {
  const lastRotatedAt = later(clock.now(), -21 * DAY);
  secretsManager.seedMany(crowd + 1, (index) => ({
    name:
      index === crowd ? ALONE : `prod/team-${index % 40}/service-${String(index).padStart(6, '0')}/database`,
    kind: 'function',
    function: index === crowd ? 'rotate-alone' : 'rotate-shared',
    schedule: 'rate(30 days)',
    createdAt: later(lastRotatedAt, -300 * DAY),
    lastRotatedAt,
    nextRotationAt: later(clock.now(), 9 * DAY),
    versions: [
      { stages: ['AWSPENDING'], createdAt: later(clock.now(), -3 * HOUR), stepReached: 'setSecret' },
      { stages: ['AWSCURRENT'], createdAt: lastRotatedAt },
    ],
  }));
}
