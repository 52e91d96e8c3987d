import { type MetricReference, type Statistic, search } from './metric-reference.ts';
import type { Watched } from './watched.ts';

/** A metric that AWS publishes by itself. */
interface AwsMetric {
  readonly namespace: string;
  /** Names of all its dimensions, in the order of the alphabet. */
  readonly dimensions: readonly string[];
}

type AwsMetricName =
  | 'ApproximateAgeOfOldestMessage'
  | 'ApproximateNumberOfMessagesVisible'
  | 'Invocations'
  | 'Errors'
  | 'Throttles'
  | 'Duration'
  | 'CallCount';

/** The metrics of AWS that dashboards and alarms use; everything else they use is in the catalogue of the monitor. */
export const AWS_METRICS: Readonly<Record<AwsMetricName, AwsMetric>> = {
  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
  ApproximateAgeOfOldestMessage: { namespace: 'AWS/SQS', dimensions: ['QueueName'] },
  ApproximateNumberOfMessagesVisible: { namespace: 'AWS/SQS', dimensions: ['QueueName'] },
  /** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
  Invocations: { namespace: 'AWS/Lambda', dimensions: ['FunctionName'] },
  Errors: { namespace: 'AWS/Lambda', dimensions: ['FunctionName'] },
  Throttles: { namespace: 'AWS/Lambda', dimensions: ['FunctionName'] },
  Duration: { namespace: 'AWS/Lambda', dimensions: ['FunctionName'] },
  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Service-Quota-Integration.html */
  CallCount: { namespace: 'AWS/Usage', dimensions: ['Class', 'Resource', 'Service', 'Type'] },
};

/** A metric of one queue. */
export const ofQueue = (
  queueName: string,
  name: 'ApproximateAgeOfOldestMessage' | 'ApproximateNumberOfMessagesVisible',
): MetricReference => ({
  namespace: 'AWS/SQS',
  name,
  dimensions: { QueueName: queueName },
  statistic: 'Maximum',
});

/** A metric of one function. */
export const ofFunction = (
  functionName: string,
  name: 'Invocations' | 'Errors' | 'Throttles' | 'Duration',
): MetricReference => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { FunctionName: functionName },
  statistic: name === 'Duration' ? 'Maximum' : 'Sum',
});

/** The calls of Secrets Manager's API in the whole account and region, a series for each operation, by whomever they are made. */
export const SECRETS_MANAGER_CALLS: string = search(
  ['AWS/Usage', 'Type', 'Resource', 'Service', 'Class'],
  'Service="Secrets Manager" MetricName="CallCount"',
  'Sum',
);

/** A metric of all rotation functions, as far as their names identify them; the monitor's own are left out. */
export function ofRotationFunctions(
  { rotationFunctionWords, functions, canaryFunction }: Watched,
  name: 'Errors' | 'Throttles' | 'Duration',
  statistic: Statistic,
): string {
  const named = rotationFunctionWords.map((word) => `FunctionName=${word}`).join(' OR ');
  const ours = [...Object.values(functions), ...(canaryFunction === undefined ? [] : [canaryFunction])];
  const own = ours.map((name) => `NOT "${name}"`);
  const terms = [`MetricName="${name}"`, `(${named})`, ...own].join(' ');
  return search(['AWS/Lambda', 'FunctionName'], terms, statistic);
}
