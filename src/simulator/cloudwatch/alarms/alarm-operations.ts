import * as z from 'zod';
import type { Instant } from '../../../calendar/instant.ts';
import { AwsError } from '../../call/aws-error.ts';
import { readInput } from '../../call/input.ts';
import type { Home, Input, Operation } from '../../call/service.ts';
import { queryShape } from '../metrics/get-metric-data.ts';
import { refuseParameter } from '../metrics/limits.ts';
import type { MetricQuery } from '../metrics/metric-query.ts';
import { STATISTICS } from '../metrics/statistics.ts';
import {
  type Actions,
  ALARM_STATES,
  type Alarm,
  COMPARISONS,
  type CompositeAlarm,
  type Measure,
  type MetricAlarm,
  MISSING_DATA,
} from './alarm.ts';
import type { Alarms } from './alarms.ts';
import { readRule } from './composite-rule.ts';

const describing = z.object({
  AlarmNames: z.array(z.string()).max(100).optional(),
  AlarmNamePrefix: z.string().default(''),
  /** Composite alarms are answered only to those who ask for them. */
  AlarmTypes: z.array(z.enum(['MetricAlarm', 'CompositeAlarm'])).default(['MetricAlarm']),
  StateValue: z.enum(ALARM_STATES).optional(),
  MaxRecords: z.number().int().min(1).max(100).default(50),
  NextToken: z.string().optional(),
});
const naming = z.object({ AlarmNames: z.array(z.string()).max(100) });
const setting = z.object({
  AlarmName: z.string(),
  StateValue: z.enum(ALARM_STATES),
  StateReason: z.string().max(1023),
});

/** The operations on alarms. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
export function alarmOperations(alarms: Alarms): Record<string, Operation> {
  return {
    PutMetricAlarm: (input, call) => alarms.put(readMetricAlarm(input, call), call.now),
    PutCompositeAlarm: (input, call) => alarms.put(readCompositeAlarm(input, call), call.now),
    DescribeAlarms: (input) => describe(alarms, readInput(describing, input, refuseParameter)),
    DeleteAlarms: (input) => {
      for (const name of readInput(naming, input, refuseParameter).AlarmNames) alarms.remove(name);
    },
    SetAlarmState: (input, { now }) => {
      const { AlarmName, StateValue, StateReason } = readInput(setting, input, refuseParameter);
      alarms.set(AlarmName, StateValue, StateReason, now);
    },
  };
}

function describe(alarms: Alarms, request: z.infer<typeof describing>): object {
  const { AlarmNames, AlarmNamePrefix, AlarmTypes, StateValue, MaxRecords, NextToken = '0' } = request;
  const found = alarms
    .all()
    .filter(({ name }) => name.startsWith(AlarmNamePrefix) && (AlarmNames?.includes(name) ?? true))
    .filter(({ kind }) => AlarmTypes.includes(kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm'))
    .filter(({ state }) => (StateValue ?? state.value) === state.value);
  const end = Number(NextToken) + MaxRecords;
  const page = found.slice(Number(NextToken), end);
  return {
    MetricAlarms: page.flatMap((alarm) => (alarm.kind === 'metric' ? [metricAlarm(alarm)] : [])),
    CompositeAlarms: page.flatMap((alarm) => (alarm.kind === 'composite' ? [compositeAlarm(alarm)] : [])),
    ...(end < found.length && { NextToken: String(end) }),
  };
}

const metricAlarm = (alarm: MetricAlarm): object => ({ ...described(alarm), ...alarm.input });

const compositeAlarm = (alarm: CompositeAlarm): object => ({ ...described(alarm), AlarmRule: alarm.rule });

const described = ({ name, arn, description, actions, configuredAt, state }: Alarm): object => ({
  AlarmName: name,
  AlarmArn: arn,
  ...(description !== undefined && { AlarmDescription: description }),
  AlarmConfigurationUpdatedTimestamp: new Date(configuredAt),
  ActionsEnabled: actions.enabled,
  OKActions: actions.byState.OK,
  AlarmActions: actions.byState.ALARM,
  InsufficientDataActions: actions.byState.INSUFFICIENT_DATA,
  StateValue: state.value,
  StateReason: state.reason,
  StateUpdatedTimestamp: new Date(state.since),
  StateTransitionedTimestamp: new Date(state.since),
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const arns = z.array(z.string().startsWith('arn:')).max(5).default([]);
const common = {
  AlarmName: z.string().regex(/^[ -~]{1,255}$/, 'Alarm names have 1 to 255 ASCII characters'),
  AlarmDescription: z.string().max(1024).optional(),
  ActionsEnabled: z.boolean().default(true),
  OKActions: arns,
  AlarmActions: arns,
  InsufficientDataActions: arns,
};
const metricAlarmInput = z.object({
  ...common,
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  Statistic: z.enum(STATISTICS).default('Average'),
  Period: z.number().int().min(10).optional(),
  Metrics: z.array(queryShape).optional(),
  ComparisonOperator: z.enum(COMPARISONS),
  Threshold: z.number(),
  EvaluationPeriods: z.number().int().min(1),
  DatapointsToAlarm: z.number().int().min(1).optional(),
  TreatMissingData: z.enum(MISSING_DATA).default('missing'),
});
const compositeAlarmInput = z.object({ ...common, AlarmRule: z.string().min(1) });

type MetricInput = z.infer<typeof metricAlarmInput>;
type Common = Pick<MetricInput, keyof typeof common>;

/** Most metrics of a formula that an alarm watches. */
const MAX_METRICS = 10;
/** Longest time that an alarm looks back, in seconds: a day, or a week for periods of an hour and longer. */
const MAX_WINDOW = 86_400;
const MAX_LONG_WINDOW = 604_800;

/** Time and place at which an alarm is made, apart from its input. */
interface Making extends Home {
  readonly now: Instant;
}

/** The alarm that PutMetricAlarm asks for; fails with an AwsError. */
function readMetricAlarm(input: Input, making: Making): Alarm {
  const given = readInput(metricAlarmInput, input, refuseParameter);
  const measure = measureOf(given);
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods } = given;
  if (DatapointsToAlarm > EvaluationPeriods)
    throw invalid('DatapointsToAlarm must not exceed EvaluationPeriods');
  const longest = measure.period >= 3600 ? MAX_LONG_WINDOW : MAX_WINDOW;
  if (measure.period * EvaluationPeriods > longest)
    throw invalid('Metrics cannot be checked across so long a time');
  return {
    kind: 'metric',
    ...commonOf(given, making),
    measure,
    condition: {
      comparison: given.ComparisonOperator,
      threshold: given.Threshold,
      evaluationPeriods: EvaluationPeriods,
      datapointsToAlarm: DatapointsToAlarm,
      missingData: given.TreatMissingData,
    },
    input: describedInput(given),
  };
}

/** The alarm that PutCompositeAlarm asks for; fails with an AwsError. */
function readCompositeAlarm(input: Input, making: Making): Alarm {
  const given = readInput(compositeAlarmInput, input, refuseParameter);
  readRule(given.AlarmRule);
  return { kind: 'composite', ...commonOf(given, making), rule: given.AlarmRule };
}

const commonOf = (given: Common, { account, region, now }: Making) => ({
  name: given.AlarmName,
  arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${given.AlarmName}`,
  description: given.AlarmDescription,
  actions: actionsOf(given),
  configuredAt: now,
  state: {
    value: 'INSUFFICIENT_DATA' as const,
    reason: 'Unchecked: Initial alarm creation',
    since: now,
  },
});

const actionsOf = ({
  ActionsEnabled,
  OKActions,
  AlarmActions,
  InsufficientDataActions,
}: Common): Actions => ({
  enabled: ActionsEnabled,
  byState: { OK: OKActions, ALARM: AlarmActions, INSUFFICIENT_DATA: InsufficientDataActions },
});

const invalid = (message: string): AwsError => new AwsError('ValidationError', `${message}.`);

function measureOf(given: MetricInput): Measure {
  const { MetricName, Metrics, Namespace = '', Dimensions, Statistic, Period = 0 } = given;
  if ((MetricName === undefined) === (Metrics === undefined)) {
    throw invalid('Exactly one of MetricName and Metrics has to be given');
  }
  if (Metrics !== undefined) return formulaOf(Metrics);
  checkPeriod(Period);
  const MetricStat = {
    Metric: { Namespace, MetricName: MetricName ?? '', Dimensions },
    Period,
    Stat: Statistic,
  };
  return { period: Period, queries: [{ Id: 'm', ReturnData: true, MetricStat }], result: 'm' };
}

function formulaOf(queries: readonly MetricQuery[]): Measure {
  const [result, ...others] = queries.filter(({ ReturnData }) => ReturnData);
  if (result === undefined || others.length > 0)
    throw invalid('Exactly one element of the metrics list should return data');
  if (queries.some(({ Expression }) => Expression?.includes('SEARCH('))) {
    throw invalid('SEARCH is not supported on Metric Alarms');
  }
  const periods = new Set(queries.flatMap(({ MetricStat }) => MetricStat?.Period ?? []));
  const [period = 0] = periods;
  if (periods.size > 1) throw invalid('All metrics of an alarm need the same period');
  if (queries.filter(({ MetricStat }) => MetricStat !== undefined).length > MAX_METRICS) {
    throw invalid(`An alarm has ${MAX_METRICS} metrics at most`);
  }
  checkPeriod(period);
  return { period, queries, result: result.Id };
}

function checkPeriod(seconds: number): void {
  if ([10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0)) return;
  throw invalid('Period must be 10, 20, 30 or a multiple of 60');
}

/** Only what was given, as DescribeAlarms shows it. */
function describedInput(given: MetricInput): Readonly<Record<string, unknown>> {
  const { MetricName, Namespace, Dimensions, Statistic, Period, Metrics } = given;
  const { ComparisonOperator, Threshold, EvaluationPeriods, DatapointsToAlarm, TreatMissingData } = given;
  return {
    ...(Metrics === undefined ? { MetricName, Namespace, Dimensions, Statistic, Period } : { Metrics }),
    ComparisonOperator,
    Threshold,
    EvaluationPeriods,
    ...(DatapointsToAlarm !== undefined && { DatapointsToAlarm }),
    TreatMissingData,
  };
}
