import type { MetricReference } from '../metric-reference.ts';

/** The metrics, formula or alarms that an alarm evaluates. */
type Measure =
  | { readonly kind: 'metric'; readonly metric: MetricReference }
  /** A formula over metrics by their ids; an alarm takes ten at most. */
  | {
      readonly kind: 'formula';
      readonly formula: string;
      readonly metrics: Readonly<Record<string, MetricReference>>;
    };

/**
 * The treatment of a missing datapoint.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
type MissingData = 'breaching' | 'notBreaching' | 'ignore';

/** One CloudWatch alarm. */
export interface AlarmDefinition {
  /** Kebab-case; the name without its prefix. */
  readonly key: string;
  /** Page of docs/runbooks, with a section after `#` where it has several. */
  readonly runbook: string;
  /** One sentence: what is wrong when it rings. */
  readonly meaning: string;
  readonly measure: Measure;
  readonly periodSeconds: number;
  /** Whether datapoints above the threshold are bad, or those below. */
  readonly badWhen: 'above' | 'below';
  readonly threshold: number;
  /** N: so many datapoints are looked at. */
  readonly evaluationPeriods: number;
  /** M: so many of them have to be bad. */
  readonly datapointsToAlarm: number;
  readonly missingData: MissingData;
  /**
   * `both-ends`: it reports its beginning and its end to the health topic. `beginning`: only that, as a newly created
   * alarm reports an end as well. `nothing`: it is there to be seen.
   */
  readonly tells: 'both-ends' | 'beginning' | 'nothing';
}

/** An alarm over alarms. */
export interface CompositeAlarmDefinition {
  readonly key: string;
  readonly runbook: string;
  readonly meaning: string;
  /** Keys of the alarms of which one is enough. */
  readonly anyOf: readonly string[];
  readonly tells: 'both-ends';
}
