import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  type MetricDataQuery,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { instant } from '../../../calendar/instant.ts';
import {
  type AlarmStatus,
  type DashboardSource,
  DashboardSourceError,
  type DrawnSeries,
  type LineRequest,
  type LinesRequest,
} from '../../ports/watch/dashboard-source.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** Most names that DescribeAlarms takes. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const MAX_ALARM_NAMES = 100;

/** The dashboards of an account and region, with all they show. */
export const cloudwatchDashboardSource = (
  cloudwatch: CloudWatchClient,
  lambda: LambdaClient,
): DashboardSource => ({
  body: (name) => attempt(`read the dashboard "${name}"`, () => bodyOf(cloudwatch, name)),
  series: (request) => attempt('read metrics', () => seriesOf(cloudwatch, request)),
  alarms: (arns) => attempt('read the states of alarms', () => alarmsOf(cloudwatch, arns)),
  widget: (functionArn, params) =>
    attempt(`invoke "${functionArn}"`, () => widgetOf(lambda, functionArn, params)),
});

async function attempt<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new DashboardSourceError(`Cannot ${what}: ${describeFailure(error)}`, {
      ...failureOf(error),
      cause: error,
    });
  }
}

async function bodyOf(client: CloudWatchClient, DashboardName: string): Promise<string | undefined> {
  try {
    return (await client.send(new GetDashboardCommand({ DashboardName }))).DashboardBody;
  } catch (error) {
    if (failureOf(error).reason === 'not-found') return undefined;
    throw error;
  }
}

async function seriesOf(
  client: CloudWatchClient,
  { lines, from, to }: LinesRequest,
): Promise<readonly DrawnSeries[]> {
  const drawn: DrawnSeries[] = [];
  const pages = paginateGetMetricData(
    { client },
    {
      MetricDataQueries: lines.map(query),
      StartTime: new Date(from),
      EndTime: new Date(to),
      ScanBy: 'TimestampAscending',
    },
  );
  for await (const { MetricDataResults = [] } of pages) {
    for (const { Id = '', Label = '', Timestamps = [], Values = [] } of MetricDataResults) {
      const points = Timestamps.map((time, index) => ({
        at: instant(time.getTime()),
        value: Values[index] ?? 0,
      }));
      const index = drawn.findIndex((each) => each.id === Id && each.label === Label);
      const known = drawn[index];
      if (known === undefined) drawn.push({ id: Id, label: Label, points });
      else drawn[index] = { ...known, points: [...known.points, ...points] };
    }
  }
  return drawn;
}

function query(line: LineRequest): MetricDataQuery {
  const { id, label, visible, period } = line;
  const common = { Id: id, ReturnData: visible, ...(label !== undefined && { Label: label }) };
  if ('formula' in line) return { ...common, Expression: line.formula, Period: period };
  const Dimensions = Object.entries(line.dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: line.namespace, MetricName: line.name, Dimensions };
  return { ...common, MetricStat: { Metric, Period: period, Stat: line.statistic } };
}

async function alarmsOf(client: CloudWatchClient, arns: readonly string[]): Promise<readonly AlarmStatus[]> {
  const found: AlarmStatus[] = [];
  for (let start = 0; start < arns.length; start += MAX_ALARM_NAMES) {
    const AlarmNames = arns.slice(start, start + MAX_ALARM_NAMES).map((arn) => arn.split(':alarm:')[1] ?? '');
    const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(
      new DescribeAlarmsCommand({
        AlarmNames,
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: MAX_ALARM_NAMES,
      }),
    );
    for (const { AlarmArn = '', AlarmName = '', StateValue, StateReason = '' } of [
      ...MetricAlarms,
      ...CompositeAlarms,
    ]) {
      const state = STATES.find((each) => each === StateValue) ?? 'INSUFFICIENT_DATA';
      found.push({ arn: AlarmArn, name: AlarmName, state, reason: StateReason });
    }
  }
  return arns.flatMap((arn) => found.find((alarm) => alarm.arn === arn) ?? []);
}

const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;

async function widgetOf(
  client: LambdaClient,
  FunctionName: string,
  params: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(params) }),
  );
  if (FunctionError !== undefined) throw new Error(`The function failed: ${FunctionError}`);
  return Payload === undefined ? undefined : JSON.parse(Buffer.from(Payload).toString('utf8'));
}
