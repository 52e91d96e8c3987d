import type { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { defineSchedule, type Scheduled } from './define-schedule.ts';

/** Properties of a {@link SweepSchedule}. */
export interface SweepScheduleProps extends Scheduled {
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
  throw new Error(
    `Cannot sweep every ${interval.toHumanString()}: the interval must be whole minutes, a day at most`,
  );
}
