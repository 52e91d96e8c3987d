import type { EventFaults } from '../../../src/simulator/eventbridge/delivery.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { chanceFrom } from './chance.ts';
import type { ChaosFaults, ChaosOptions } from './options.ts';

/** The simulator to disturb, with the kinds and shares of the faults. */
interface Troubled {
  readonly simulator: Simulator;
  readonly options: Pick<ChaosOptions, 'seed'>;
  readonly faults: ChaosFaults;
  /** Roles of the monitor. */
  readonly roles: readonly string[];
}

/**
 * Sets the faults inside AWS: of events on their way, of lists, and of the calls of the monitor's roles; reads may
 * return old states.
 */
export function troubleAws({ simulator, options, faults, roles }: Troubled): void {
  simulator.eventBridge.setFaults(usualEvents(faults));
  simulator.secretsManager.delayLists(faults.listStaleMaxMs);
  simulator.secretsManager.delayDescriptions(faults.describeStaleMaxMs);
  const chance = chanceFrom(options.seed, 5);
  simulator.dynamoDb.lagIndexes(() => chance.between(0, faults.indexLagMaxMs));
  for (const role of roles) {
    simulator.faults.add({ kind: 'throttled', probability: faults.throttled, role });
    simulator.faults.add({ kind: 'server-error', probability: faults.serverErrors, role });
    simulator.faults.add({ kind: 'timeout', probability: faults.timeouts, role });
  }
}

/** Returns the faults of events on their way while there is no outage. */
export const usualEvents = (faults: ChaosFaults): EventFaults => ({
  drop: faults.eventsDropped,
  duplicate: faults.eventsDuplicated,
  delayMaxMs: faults.eventDelayMaxMs,
  delayShare: faults.eventsDelayed,
});
