/** The things that AWS charges for. */
export type PriceName =
  | 'secretsManagerCalls'
  | 'secret'
  | 'lambdaRequests'
  | 'lambdaGbSeconds'
  | 'sqsRequests'
  | 'snsPublishes'
  | 'snsEmails'
  | 'dynamoDbReads'
  | 'dynamoDbWrites'
  | 'dynamoDbStorage'
  | 'dynamoDbRecovery'
  | 'kmsKey'
  | 'kmsRequests'
  | 'customMetric'
  | 'metricRequests'
  | 'metricsRead'
  | 'alarmMetric'
  | 'compositeAlarm'
  | 'dashboard'
  | 'logIngestion'
  | 'logStorage'
  | 'customEvents'
  | 'schedulerInvocations'
  | 'configurationItem'
  | 'configEvaluation'
  | 'securityCheck'
  | 'trailEvents'
  | 's3Puts'
  | 's3Storage'
  | 's3ArchiveStorage'
  | 's3ArchiveMoves';

/** One price; the first tier, without anything that is free at first. */
export interface Price {
  readonly service: string;
  /** The unit of which `usd` buys `per`. */
  readonly unit: string;
  readonly per: number;
  readonly usd: number;
  /** Address of the page that states the price. */
  readonly source: string;
}

const price = (
  service: string,
  [usd, per, unit]: readonly [number, number, string],
  page: string,
): Price => ({
  service,
  unit,
  per,
  usd,
  source: `https://aws.amazon.com/${page}/`,
});

/**
 * Prices of AWS in us-east-1, in USD without tax, as of November 2026. Everything is paid for from the first unit: no
 * free tier is counted. What is billed by the month is billed by the hour in truth; a month has 30 days here.
 */
export const PRICES: Readonly<Record<PriceName, Price>> = {
  secretsManagerCalls: price('Secrets Manager', [0.05, 10_000, 'calls'], 'secrets-manager/pricing'),
  secret: price('Secrets Manager', [0.4, 1, 'secrets a month'], 'secrets-manager/pricing'),
  lambdaRequests: price('Lambda', [0.2, 1e6, 'requests'], 'lambda/pricing'),
  lambdaGbSeconds: price('Lambda', [0.0000133334, 1, 'GB-seconds on arm64'], 'lambda/pricing'),
  sqsRequests: price('SQS', [0.4, 1e6, 'requests'], 'sqs/pricing'),
  snsPublishes: price('SNS', [0.5, 1e6, 'publishes'], 'sns/pricing'),
  snsEmails: price('SNS', [2, 100_000, 'e-mails'], 'sns/pricing'),
  dynamoDbReads: price('DynamoDB', [0.125, 1e6, 'read request units'], 'dynamodb/pricing/on-demand'),
  dynamoDbWrites: price('DynamoDB', [0.625, 1e6, 'write request units'], 'dynamodb/pricing/on-demand'),
  dynamoDbStorage: price('DynamoDB', [0.25, 1e9, 'byte-months'], 'dynamodb/pricing/on-demand'),
  dynamoDbRecovery: price('DynamoDB', [0.2, 1e9, 'byte-months'], 'dynamodb/pricing/on-demand'),
  kmsKey: price('KMS', [1, 1, 'keys a month'], 'kms/pricing'),
  kmsRequests: price('KMS', [0.03, 10_000, 'requests'], 'kms/pricing'),
  customMetric: price('CloudWatch', [0.3, 1, 'metrics a month'], 'cloudwatch/pricing'),
  metricRequests: price('CloudWatch', [0.01, 1_000, 'PutMetricData requests'], 'cloudwatch/pricing'),
  metricsRead: price('CloudWatch', [0.01, 1_000, 'metrics read'], 'cloudwatch/pricing'),
  alarmMetric: price('CloudWatch', [0.1, 1, 'metrics in alarms a month'], 'cloudwatch/pricing'),
  compositeAlarm: price('CloudWatch', [0.5, 1, 'composite alarms a month'], 'cloudwatch/pricing'),
  dashboard: price('CloudWatch', [3, 1, 'dashboards a month'], 'cloudwatch/pricing'),
  logIngestion: price('CloudWatch', [0.5, 1e9, 'bytes'], 'cloudwatch/pricing'),
  logStorage: price('CloudWatch', [0.03, 1e9, 'byte-months'], 'cloudwatch/pricing'),
  customEvents: price('EventBridge', [1, 1e6, 'events'], 'eventbridge/pricing'),
  schedulerInvocations: price('EventBridge', [1, 1e6, 'scheduled invocations'], 'eventbridge/pricing'),
  configurationItem: price('Config', [0.003, 1, 'configuration items'], 'config/pricing'),
  configEvaluation: price('Config', [0.001, 1, 'rule evaluations'], 'config/pricing'),
  trailEvents: price('CloudTrail', [2, 100_000, 'management events'], 'cloudtrail/pricing'),
  s3Puts: price('S3', [0.005, 1_000, 'PUT requests'], 's3/pricing'),
  s3Storage: price('S3', [0.023, 1e9, 'byte-months'], 's3/pricing'),
  s3ArchiveStorage: price('S3', [0.004, 1e9, 'byte-months of Glacier Instant Retrieval'], 's3/pricing'),
  s3ArchiveMoves: price('S3', [0.02, 1_000, 'moves to Glacier Instant Retrieval'], 's3/pricing'),
  securityCheck: price('Security Hub CSPM', [0.001, 1, 'checks'], 'security-hub/cspm/pricing'),
};

/** Returns the price of a number of units, in USD. */
export const costOf = (name: PriceName, quantity: number): number =>
  (PRICES[name].usd * quantity) / PRICES[name].per;
