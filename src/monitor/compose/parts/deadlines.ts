import { SchedulerClient, type SchedulerClientConfig } from '@aws-sdk/client-scheduler';
import { SECOND } from '../../../calendar/instant.ts';
import { eventbridgeDeadlineScheduler } from '../../adapters/scheduler/eventbridge-deadline-scheduler.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';

/** A check never waits long for its successor to be scheduled: a sweep makes up for it. */
const SCHEDULING_PATIENCE = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: SECOND, requestTimeout: SECOND, throwOnRequestTimeout: true },
} as const satisfies SchedulerClientConfig;

/** The way to have a secret checked at its deadline; undefined where it is not set. */
export function deadlines({ config, sdk }: Joints): Pick<Service, 'deadlines'> {
  const { deadlineScheduleGroup: group, deadlineTargetArn: targetArn, deadlineRoleArn: roleArn } = config;
  if (group === undefined || targetArn === undefined || roleArn === undefined)
    return { deadlines: undefined };
  const requestHandler = sdk.requestHandler ?? SCHEDULING_PATIENCE.requestHandler;
  const client = new SchedulerClient({ ...sdk, ...SCHEDULING_PATIENCE, requestHandler });
  return { deadlines: eventbridgeDeadlineScheduler(client, { group, targetArn, roleArn }) };
}
