import type { Instant } from '../../../calendar/instant.ts';
import type { MetricQuery } from '../metrics/metric-query.ts';

/** The states of an alarm. */
export const ALARM_STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;
/** One of them. */
export type AlarmState = (typeof ALARM_STATES)[number];

/** Treatments of a missing datapoint. */
export const MISSING_DATA = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
/** One of these. */
export type MissingData = (typeof MISSING_DATA)[number];

/** Comparisons of datapoints with the threshold. */
export const COMPARISONS = [
  'GreaterThanThreshold',
  'GreaterThanOrEqualToThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const;
/** One of these. */
export type Comparison = (typeof COMPARISONS)[number];

/** The condition under which an alarm rings. */
export interface Condition {
  readonly comparison: Comparison;
  readonly threshold: number;
  /** N. */
  readonly evaluationPeriods: number;
  /** M. */
  readonly datapointsToAlarm: number;
  readonly missingData: MissingData;
}

/** ARNs that an alarm notifies, by the state it enters. */
export interface Actions {
  readonly enabled: boolean;
  readonly byState: Readonly<Record<AlarmState, readonly string[]>>;
}

/** The queries of which an alarm evaluates one. */
export interface Measure {
  /** Seconds. */
  readonly period: number;
  readonly queries: readonly MetricQuery[];
  /** Id of the query that is compared with the threshold. */
  readonly result: string;
}

/** The part that both kinds of alarms have in common. */
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
  /** The metric's description in DescribeAlarms and in the notification, in AWS's names. */
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
  /** Time the alarm entered this state. */
  readonly since: Instant;
}
