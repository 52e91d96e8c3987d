import type { Instant } from '../../calendar/instant.ts';
import type { ScheduleTimes } from './schedule-expression.ts';

/** The group that every account has. */
export const DEFAULT_GROUP = 'default';

/** The target of a schedule, in the names of the API. */
export interface ScheduleTarget {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string | undefined;
  readonly DeadLetterConfig?: { readonly Arn?: string | undefined } | undefined;
  readonly RetryPolicy: { readonly MaximumEventAgeInSeconds: number; readonly MaximumRetryAttempts: number };
}

/** A schedule: its settings in the names of the API, and what Scheduler knows of it. */
export interface Schedule {
  readonly Name: string;
  readonly GroupName: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: string;
  readonly StartDate?: Instant | undefined;
  readonly EndDate?: Instant | undefined;
  readonly Description?: string | undefined;
  readonly State: 'ENABLED' | 'DISABLED';
  readonly FlexibleTimeWindow: {
    readonly Mode: 'OFF' | 'FLEXIBLE';
    readonly MaximumWindowInMinutes?: number | undefined;
  };
  readonly ActionAfterCompletion: 'NONE' | 'DELETE';
  readonly ClientToken?: string | undefined;
  readonly KmsKeyArn?: string | undefined;
  readonly Target: ScheduleTarget;
  readonly arn: string;
  readonly times: ScheduleTimes;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
}

/** A schedule as GetSchedule shows it. */
export function shownSchedule({
  arn,
  times,
  createdAt,
  changedAt,
  ClientToken,
  ...settings
}: Schedule): object {
  const { StartDate, EndDate } = settings;
  return {
    ...settings,
    StartDate: StartDate && new Date(StartDate),
    EndDate: EndDate && new Date(EndDate),
    Arn: arn,
    CreationDate: new Date(createdAt),
    LastModificationDate: new Date(changedAt),
  };
}

/** A schedule as ListSchedules shows it. */
export const summaryOf = ({
  Name,
  GroupName,
  State,
  Target,
  arn,
  createdAt,
  changedAt,
}: Schedule): object => ({
  Arn: arn,
  Name,
  GroupName,
  State,
  CreationDate: new Date(createdAt),
  LastModificationDate: new Date(changedAt),
  Target: { Arn: Target.Arn },
});
