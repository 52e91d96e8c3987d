import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { type FunctionInspector, FunctionInspectorError } from '../../ports/look/function-inspector.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
const METRICS = {
  invocations: { name: 'Invocations', statistic: 'Sum' },
  errors: { name: 'Errors', statistic: 'Sum' },
  throttles: { name: 'Throttles', statistic: 'Sum' },
  longest: { name: 'Duration', statistic: 'Maximum' },
} as const;

type Count = keyof typeof METRICS;

/** CloudWatch keeps datapoints of five minutes for 63 days, those of one minute for 15. */
const PERIOD_SECONDS = 300;

/** Asks CloudWatch what Lambda counted of a function; one request. */
export const cloudwatchFunctionActivity = (
  client: CloudWatchClient,
): Pick<FunctionInspector, 'activity'> => ({
  async activity(functionArn, span) {
    const command = new GetMetricDataCommand({
      StartTime: new Date(span.from),
      EndTime: new Date(Math.max(span.until, span.from + 1000)),
      MetricDataQueries: queries(functionArn),
    });
    const { MetricDataResults = [] } = await client.send(command).catch((error: unknown) => {
      throw new FunctionInspectorError(
        `Cannot read the metrics of "${functionArn}": ${describeFailure(error)}`,
        { ...failureOf(error), cause: error },
      );
    });
    const values = (id: Count): readonly number[] =>
      MetricDataResults.find(({ Id }) => Id === id)?.Values ?? [];
    const sum = (id: Count): number => values(id).reduce((total, value) => total + value, 0);
    const durations = values('longest');
    return {
      span,
      invocations: sum('invocations'),
      errors: sum('errors'),
      throttles: sum('throttles'),
      longestMs: durations.length === 0 ? undefined : Math.max(...durations),
    };
  },
});

/** The metrics are by name of the function, whatever its version. */
function queries(functionArn: string): MetricDataQuery[] {
  const functionName = functionArn.split(':')[6] ?? functionArn;
  return Object.entries(METRICS).map(([Id, { name, statistic }]) => ({
    Id,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Lambda',
        MetricName: name,
        Dimensions: [{ Name: 'FunctionName', Value: functionName }],
      },
      Period: PERIOD_SECONDS,
      Stat: statistic,
    },
  }));
}
