import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { type CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { instant } from '../../../calendar/instant.ts';
import type { DeploymentProbe } from '../../ports/watch/deployment-probe.ts';
import { probing } from './probing.ts';

/** Looks at what a deployment has written: metrics and logs. */
export const recordProbe = (
  cloudWatch: CloudWatchClient,
  logs: CloudWatchLogsClient,
): Pick<DeploymentProbe, 'newest' | 'logGroupExists'> => ({
  newest: (Namespace, MetricName, { from, until }) =>
    probing(`read the metric "${MetricName}"`, async () => {
      const MetricStat = { Metric: { Namespace, MetricName }, Period: PERIOD_SECONDS, Stat: 'Maximum' };
      const { MetricDataResults = [] } = await cloudWatch.send(
        new GetMetricDataCommand({
          MetricDataQueries: [{ Id: 'm', MetricStat }],
          StartTime: new Date(from),
          EndTime: new Date(until),
          ScanBy: 'TimestampDescending',
        }),
      );
      const [time] = MetricDataResults[0]?.Timestamps ?? [];
      const [value = 0] = MetricDataResults[0]?.Values ?? [];
      return time === undefined ? undefined : { at: instant(time.getTime()), value };
    }),
  logGroupExists: (name) =>
    probing(`look for the log group "${name}"`, async () => {
      const pages = paginateDescribeLogGroups({ client: logs }, { logGroupNamePrefix: name });
      for await (const { logGroups = [] } of pages)
        if (logGroups.some(({ logGroupName }) => logGroupName === name)) return true;
      return false;
    }),
});

/** Fine enough for ages in minutes; CloudWatch keeps such datapoints for 63 days. */
const PERIOD_SECONDS = 300;
