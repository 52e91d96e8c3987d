import type { EventFaults } from '../../../src/simulator/eventbridge/delivery.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import type { ChaosFaults } from './options.ts';

/** What goes wrong inside AWS: with events on their way, with lists, and with the calls of the monitor's roles. */
export function troubleAws(simulator: Simulator, faults: ChaosFaults, roles: readonly string[]): void {
  simulator.eventBridge.setFaults(usualEvents(faults));
  simulator.secretsManager.delayLists(faults.listStaleMaxMs);
  simulator.secretsManager.delayDescriptions(faults.describeStaleMaxMs);
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
