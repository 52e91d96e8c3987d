import type { EventFaults } from '../../../src/simulator/eventbridge/delivery.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { chanceFrom } from './chance.ts';
import type { ChaosFaults, ChaosOptions } from './options.ts';

/** What the trouble is about, and how much of it there is. */
interface Troubled {
  readonly simulator: Simulator;
  readonly options: Pick<ChaosOptions, 'seed'>;
  readonly faults: ChaosFaults;
  /** Roles of the monitor. */
  readonly roles: readonly string[];
}

/** What goes wrong inside AWS: with events on their way, with lists, and with the calls of the monitor's roles; what is read may be old. */
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

/** What goes wrong with events on their way while there is no outage. */
export const usualEvents = (faults: ChaosFaults): EventFaults => ({
  drop: faults.eventsDropped,
  duplicate: faults.eventsDuplicated,
  delayMaxMs: faults.eventDelayMaxMs,
  delayShare: faults.eventsDelayed,
});
