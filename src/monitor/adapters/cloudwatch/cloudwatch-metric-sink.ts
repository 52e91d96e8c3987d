import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Instant } from '../../../calendar/instant.ts';
import { type Datapoint, METRICS } from '../../domain/metric.ts';
import { type MetricSink, MetricSinkError } from '../../ports/watch/metric-sink.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** Most metrics one call takes. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
const MAX_METRICS_PER_CALL = 1000;

/** Publishes metrics with PutMetricData: for processes whose output no log agent reads. */
export const cloudwatchMetricSink = (client: CloudWatchClient, namespace: string): MetricSink => ({
  async record(datapoints, at) {
    for (let start = 0; start < datapoints.length; start += MAX_METRICS_PER_CALL) {
      const MetricData = datapoints
        .slice(start, start + MAX_METRICS_PER_CALL)
        .map((point) => datum(point, at));
      await client
        .send(new PutMetricDataCommand({ Namespace: namespace, MetricData }))
        .catch((error: unknown) => {
          throw new MetricSinkError(`Cannot publish metrics in "${namespace}": ${describeFailure(error)}`, {
            ...failureOf(error),
            cause: error,
          });
        });
    }
  },
});

const datum = ({ name, value, dimensions = {} }: Datapoint, at: Instant): MetricDatum => ({
  MetricName: name,
  Value: value,
  Unit: METRICS[name].unit,
  Timestamp: new Date(at),
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});
