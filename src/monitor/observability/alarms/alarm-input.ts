import type { MetricReference } from '../metric-reference.ts';
import { runbookPlace } from '../runbook.ts';
import type { Watched } from '../watched.ts';
import type { AlarmDefinition, CompositeAlarmDefinition } from './alarm.ts';

/** A metric as CloudWatch names it. */
interface ApiMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: { readonly Name: string; readonly Value: string }[];
}

/** One member of an alarm on a formula. */
interface ApiMetricDataQuery {
  readonly Id: string;
  readonly Label?: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: ApiMetric; readonly Period: number; readonly Stat: string };
  readonly ReturnData: boolean;
}

/** The input of PutMetricAlarm; the properties of AWS::CloudWatch::Alarm have the same names. */
export interface MetricAlarmInput {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly ActionsEnabled: boolean;
  readonly AlarmActions: string[];
  readonly OKActions: string[];
  readonly ComparisonOperator: 'GreaterThanThreshold' | 'LessThanThreshold';
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: string;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: ApiMetric['Dimensions'];
  readonly Statistic?: MetricReference['statistic'];
  readonly Period?: number;
  readonly Metrics?: ApiMetricDataQuery[];
}

/** The input of PutCompositeAlarm; the properties of AWS::CloudWatch::CompositeAlarm have the same names. */
export interface CompositeAlarmInput {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmRule: string;
  readonly ActionsEnabled: boolean;
  readonly AlarmActions: string[];
  readonly OKActions: string[];
}

/** The full name of an alarm. */
const alarmName = ({ namePrefix }: Pick<Watched, 'namePrefix'>, key: string): string => `${namePrefix}${key}`;

/** The ARN of an alarm. */
export const alarmArn = (
  watched: Pick<Watched, 'partition' | 'region' | 'account' | 'namePrefix'>,
  key: string,
): string =>
  `arn:${watched.partition}:cloudwatch:${watched.region}:${watched.account}:alarm:${alarmName(watched, key)}`;

/** An alarm as CloudWatch takes it; it notifies `healthTopicArn` if it notifies anybody. */
export const metricAlarmInput = (
  watched: Watched,
  alarm: AlarmDefinition,
  healthTopicArn: string,
): MetricAlarmInput => ({
  ...identity(watched, alarm),
  ...actions(alarm.tells, healthTopicArn),
  ...measured(alarm),
  ComparisonOperator: alarm.badWhen === 'above' ? 'GreaterThanThreshold' : 'LessThanThreshold',
  Threshold: alarm.threshold,
  EvaluationPeriods: alarm.evaluationPeriods,
  DatapointsToAlarm: alarm.datapointsToAlarm,
  TreatMissingData: alarm.missingData,
});

/** A composite alarm as CloudWatch takes it. */
export const compositeAlarmInput = (
  watched: Watched,
  alarm: CompositeAlarmDefinition,
  healthTopicArn: string,
): CompositeAlarmInput => ({
  ...identity(watched, alarm),
  ...actions(alarm.tells, healthTopicArn),
  AlarmRule: alarm.anyOf.map((key) => `ALARM("${alarmName(watched, key)}")`).join(' OR '),
});

const identity = (
  watched: Watched,
  { key, meaning, runbook }: AlarmDefinition | CompositeAlarmDefinition,
) => ({
  AlarmName: alarmName(watched, key),
  AlarmDescription: `${meaning} Runbook: ${runbookPlace(watched, runbook)}`,
});

const actions = (tells: AlarmDefinition['tells'], topicArn: string) => ({
  ActionsEnabled: tells !== 'nothing',
  AlarmActions: tells === 'nothing' ? [] : [topicArn],
  OKActions: tells === 'both-ends' ? [topicArn] : [],
});

function measured({ measure, periodSeconds }: AlarmDefinition): Partial<MetricAlarmInput> {
  if (measure.kind === 'metric') {
    return { ...apiMetric(measure.metric), Statistic: measure.metric.statistic, Period: periodSeconds };
  }
  const metrics = Object.entries(measure.metrics).map(([Id, metric]) => ({
    Id,
    MetricStat: { Metric: apiMetric(metric), Period: periodSeconds, Stat: metric.statistic },
    ReturnData: false,
  }));
  return { Metrics: [...metrics, { Id: 'result', Expression: measure.formula, ReturnData: true }] };
}

const apiMetric = ({ namespace, name, dimensions }: MetricReference): ApiMetric => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});
