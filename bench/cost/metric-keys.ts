import * as z from 'zod';

const line = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});

/**
 * The metrics that a line of the embedded metric format publishes, each by namespace, name and dimensions: what
 * CloudWatch bills as one.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricKeys(text: string): readonly string[] {
  const { _aws, ...members } = line.parse(JSON.parse(text));
  return _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name }) =>
        [Namespace, Name, ...[...names].sort().flatMap((name) => [name, String(members[name])])].join('|'),
      ),
    ),
  );
}
