import type { Instant } from '../../../calendar/instant.ts';
import type { MetricQuery } from '../metrics/metric-query.ts';

/** The states of an alarm. */
export const ALARM_STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;
/** One of them. */
export type AlarmState = (typeof ALARM_STATES)[number];

/** What a missing datapoint counts as. */
export const MISSING_DATA = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
/** One of these. */
export type MissingData = (typeof MISSING_DATA)[number];

/** How datapoints are compared with the threshold. */
export const COMPARISONS = [
  'GreaterThanThreshold',
  'GreaterThanOrEqualToThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const;
/** One of these. */
export type Comparison = (typeof COMPARISONS)[number];

/** When an alarm rings. */
export interface Condition {
  readonly comparison: Comparison;
  readonly threshold: number;
  /** N. */
  readonly evaluationPeriods: number;
  /** M. */
  readonly datapointsToAlarm: number;
  readonly missingData: MissingData;
}

/** Whom an alarm tells, as ARNs by the state it goes to. */
export interface Actions {
  readonly enabled: boolean;
  readonly byState: Readonly<Record<AlarmState, readonly string[]>>;
}

/** What an alarm looks at. */
export interface Measure {
  /** Seconds. */
  readonly period: number;
  readonly queries: readonly MetricQuery[];
  /** Id of the query that is compared with the threshold. */
  readonly result: string;
}

/** What is the same in both kinds of alarms. */
interface AnyAlarm {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly actions: Actions;
  readonly configuredAt: Instant;
  state: StateOfAlarm;
}

/** An alarm on a metric or on a formula. */
export interface MetricAlarm extends AnyAlarm {
  readonly kind: 'metric';
  readonly condition: Condition;
  readonly measure: Measure;
  /** What DescribeAlarms and the notification say of the metric, in AWS's names. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** An alarm on other alarms. */
export interface CompositeAlarm extends AnyAlarm {
  readonly kind: 'composite';
  readonly rule: string;
}

/** Either. */
export type Alarm = MetricAlarm | CompositeAlarm;

/** The state an alarm is in. */
interface StateOfAlarm {
  readonly value: AlarmState;
  readonly reason: string;
  /** When the alarm came into this state. */
  readonly since: Instant;
}
