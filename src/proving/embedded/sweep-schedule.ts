import { MINUTE } from '../../calendar/instant.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { functionArn, schedulerRoleArn } from './environment.ts';

/** Creates the schedule of sweeps, whose interval Scheduler takes in whole minutes; the first one is due at once. */
export async function startSweeps(simulator: Simulator, sweepIntervalMs: number): Promise<void> {
  const schedule = {
    Name: 'sweep',
    ScheduleExpression: `rate(${Math.ceil(sweepIntervalMs / MINUTE)} minutes)`,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: functionArn(simulator.home, 'sweep'), RoleArn: schedulerRoleArn(simulator.home) },
  };
  await simulator.call('scheduler', 'CreateSchedule', schedule, 'deployer');
}
