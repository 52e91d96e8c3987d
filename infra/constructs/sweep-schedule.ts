import type { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { invoke, putAside, useKeyForMessages } from '../permissions/permissions.ts';
import { ScheduleGroup } from './schedule-group.ts';

/** Properties of a {@link SweepSchedule}. */
export interface SweepScheduleProps {
  readonly function: IFunction;
  /** Whole minutes, a day at most. */
  readonly interval: Duration;
  /** Gets what could not be handed over. */
  readonly deadLetterQueue: IQueue;
  readonly encryptionKey: IKey;
}

const DAY_IN_MINUTES = 1440;

/** Runs the sweep at equal intervals. */
export class SweepSchedule extends Construct {
  constructor(scope: Construct, id: string, props: SweepScheduleProps) {
    super(scope, id);
    const { interval, deadLetterQueue, encryptionKey } = props;
    const minutes = wholeMinutes(interval);
    const group = new ScheduleGroup(this, 'Group', [
      invoke(props.function.functionArn),
      putAside(deadLetterQueue),
      useKeyForMessages(encryptionKey),
    ]);
    new CfnSchedule(this, 'Schedule', {
      description: 'Sweeps all secrets of the account and region',
      groupName: group.groupName,
      scheduleExpression: `rate(${minutes} ${minutes === 1 ? 'minute' : 'minutes'})`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: props.function.functionArn,
        roleArn: group.role.roleArn,
        input: '{}',
        deadLetterConfig: { arn: deadLetterQueue.queueArn },
        // The next sweep does what a late one would.
        retryPolicy: {
          maximumRetryAttempts: 3,
          maximumEventAgeInSeconds: Math.max(60, interval.toSeconds()),
        },
      },
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
  throw new Error(
    `Cannot sweep every ${interval.toHumanString()}: the interval must be whole minutes, a day at most`,
  );
}
