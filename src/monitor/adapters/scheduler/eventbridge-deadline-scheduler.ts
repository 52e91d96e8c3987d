import { ConflictException, CreateScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { formatInstant, type Instant, instant, SECOND } from '../../../calendar/instant.ts';
import { arnHash } from '../../domain/arn-hash.ts';
import {
  type DeadlineScheduler,
  DeadlineSchedulerError,
  type DueCheck,
} from '../../ports/sweep/deadline-scheduler.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** The group, target and role of the schedules. */
export interface ScheduleSettings {
  readonly group: string;
  /** The function that checks one secret. */
  readonly targetArn: string;
  /** The role that EventBridge Scheduler invokes it with. */
  readonly roleArn: string;
}

/** Retries of the function; when it cannot take the event for this long, a sweep has done its work. */
const RETRY_POLICY = { MaximumEventAgeInSeconds: 600, MaximumRetryAttempts: 10 };

/**
 * One-time schedules of EventBridge Scheduler that delete themselves. Each name is made of secret and second, so that
 * one that exists already is what was asked for.
 *
 * A region holds 10,000,000 schedules and takes 250 to 5,000 CreateSchedule requests a second
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html); a rotation in flight has two schedules
 * at most. Invocations are charged, schedules are not (https://aws.amazon.com/eventbridge/pricing/).
 */
export const eventbridgeDeadlineScheduler = (
  client: Pick<SchedulerClient, 'send'>,
  settings: ScheduleSettings,
): DeadlineScheduler => ({
  async schedule(check) {
    try {
      await client.send(new CreateScheduleCommand(oneTimeSchedule(check, settings)));
    } catch (error) {
      if (error instanceof ConflictException) return;
      throw new DeadlineSchedulerError(
        `Cannot schedule a check in group "${settings.group}": ${describeFailure(error)}`,
        { ...failureOf(error), cause: error },
      );
    }
  },
});

/** Its time is rounded up: a moment too early, nothing would be there to see. */
function oneTimeSchedule({ secretArn, at }: DueCheck, { group, targetArn, roleArn }: ScheduleSettings) {
  const due = formatInstant(wholeSecond(at));
  return {
    Name: `check-${arnHash(secretArn)}-${due.replaceAll(/[-:Z]/g, '')}`,
    GroupName: group,
    ScheduleExpression: `at(${due.replace('Z', '')})`,
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: {
      Arn: targetArn,
      RoleArn: roleArn,
      Input: JSON.stringify({ secretId: secretArn, deadline: due }),
      RetryPolicy: RETRY_POLICY,
    },
  } as const;
}

const wholeSecond = (at: Instant): Instant => instant(Math.ceil(at / SECOND) * SECOND);
