import type { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { invoke, putAside, useKeyForMessages } from '../permissions/permissions.ts';
import { DeploymentError } from '../props/deployment-error.ts';
import { ScheduleGroup } from './schedule-group.ts';

/** A function that a schedule invokes, and the place of what cannot be handed over. */
export interface Scheduled {
  readonly function: IFunction;
  /** Gets what could not be handed over. */
  readonly deadLetterQueue: IQueue;
  /** Encrypts the queue. */
  readonly encryptionKey: IKey;
}

/** Properties of a schedule, in the terms of EventBridge Scheduler. */
export interface ScheduleProps {
  readonly scheduled: Scheduled;
  readonly description: string;
  readonly scheduleExpression: string;
  /** @default - UTC */
  readonly scheduleExpressionTimezone?: string;
  readonly retryPolicy: CfnSchedule.RetryPolicyProperty;
}

/** Defines a schedule of a function in a scope, and its group as `Group`. */
export function defineSchedule(scope: Construct, id: string, { scheduled, ...when }: ScheduleProps): void {
  const { function: invoked, deadLetterQueue, encryptionKey } = scheduled;
  const group = new ScheduleGroup(scope, 'Group', [
    invoke(invoked.functionArn),
    putAside(deadLetterQueue),
    useKeyForMessages(encryptionKey),
  ]);
  const { retryPolicy, ...schedule } = when;
  new CfnSchedule(scope, id, {
    ...schedule,
    groupName: group.groupName,
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: invoked.functionArn,
      roleArn: group.role.roleArn,
      input: '{}',
      deadLetterConfig: { arn: deadLetterQueue.queueArn },
      retryPolicy,
    },
  });
}

/** Properties of a {@link SweepSchedule}. */
interface SweepScheduleProps extends Scheduled {
  /** Whole minutes, a day at most. */
  readonly interval: Duration;
}

const DAY_IN_MINUTES = 1440;

/** Runs the sweep at equal intervals. */
export class SweepSchedule extends Construct {
  constructor(scope: Construct, id: string, props: SweepScheduleProps) {
    super(scope, id);
    const { interval, ...scheduled } = props;
    const minutes = wholeMinutes(interval);
    defineSchedule(this, 'Schedule', {
      scheduled,
      description: 'Sweeps all secrets of the account and region',
      scheduleExpression: `rate(${minutes} ${minutes === 1 ? 'minute' : 'minutes'})`,
      // The next sweep does what a late one would.
      retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: Math.max(60, interval.toSeconds()) },
    });
  }
}

/**
 * Scheduler knows no fractions of a minute, and no alarm looks back further than a week, which six intervals have to fit
 * into. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
function wholeMinutes(interval: Duration): number {
  const minutes = interval.toMinutes({ integral: false });
  if (Number.isInteger(minutes) && minutes <= DAY_IN_MINUTES) return minutes;
  throw new DeploymentError(
    `Cannot sweep every ${interval.toHumanString()}: the interval must be whole minutes, a day at most`,
  );
}
