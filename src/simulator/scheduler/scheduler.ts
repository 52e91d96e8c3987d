import type { Home, Service } from '../call/service.ts';
import type { SimulatorClock } from '../time/clock.ts';
import type { DeliveryDependencies } from './delivery.ts';
import { groupOperations } from './group-operations.ts';
import { Groups } from './groups.ts';
import { Runner } from './runner.ts';
import { scheduleOperations } from './schedule-operations.ts';

/** EventBridge Scheduler. */
export interface Scheduler extends Service {
  /** Runs no schedule any longer. */
  stop(): void;
}

/** Dependencies of the service. */
export interface SchedulerOptions extends DeliveryDependencies {
  readonly clock: SimulatorClock;
  readonly home: Home;
}

/** An EventBridge Scheduler without schedules; its targets are functions and queues. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const groups = new Groups(options.home);
  const runner = new Runner({
    ...options,
    onCompleted: ({ GroupName, Name }) => void groups.find(GroupName).schedules.delete(Name),
  });
  return {
    operations: { ...scheduleOperations(groups, runner), ...groupOperations(groups, runner) },
    stop: () => runner.stopAll(),
  };
}
