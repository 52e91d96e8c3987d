import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { cloudwatchMetricSink } from './adapters/cloudwatch/cloudwatch-metric-sink.ts';
import { dynamodbAlertStore } from './adapters/dynamodb/dynamodb-alert-store.ts';
import { eventbridgeSink } from './adapters/eventbridge/eventbridge-sink.ts';
import { parseRotationEvent } from './adapters/eventbridge/parse-rotation-event.ts';
import { emfMetricSink } from './adapters/powertools/emf-metric-sink.ts';
import { secretsManagerCatalog } from './adapters/secrets-manager/secrets-manager-catalog.ts';
import { snsNotifier } from './adapters/sns/sns-notifier.ts';
import { sqsDeliveryQueue } from './adapters/sqs/sqs-delivery-queue.ts';
import { jsonLog } from './adapters/system/json-log.ts';
import { systemClock } from './adapters/system/system-clock.ts';
import type { Service, ServiceSettings } from './application/service.ts';
import type { Config } from './config/settings.ts';
import type { Clock } from './ports/clock.ts';

export type { Service } from './application/service.ts';

/** What tests, drill and chaos put in place of the real world. */
export interface Seams {
  readonly clock?: Clock;
  /** Serves the SDK clients in process; then nothing leaves it, and no real credentials are looked for. */
  readonly requestHandler?: NonNullable<DynamoDBClientConfig['requestHandler']>;
  /** Takes the lines that Lambda hands to CloudWatch Logs: log records and embedded metrics. */
  readonly writeLine?: (line: string) => void;
}

/** How often an SDK client tries a call: throttling in a large fleet is usual, waiting in a Lambda costs little. */
const MAX_ATTEMPTS = 5;

/** Calls that stay in the process need neither real credentials nor a signature. */
const IN_PROCESS = {
  credentials: { accessKeyId: 'in-process', secretAccessKey: 'in-process' },
  signer: { sign: async <T>(request: T): Promise<T> => request },
};

/** Joins use cases and adapters; the only place that chooses them. */
export function compose(config: Config, seams: Seams = {}): Service {
  const { clock = systemClock, requestHandler, writeLine = standardOutput } = seams;
  const sdk = {
    region: config.region,
    maxAttempts: MAX_ATTEMPTS,
    ...(requestHandler === undefined ? {} : { requestHandler, ...IN_PROCESS }),
  };
  return {
    clock,
    catalog: secretsManagerCatalog(new SecretsManagerClient(sdk)),
    store: dynamodbAlertStore(new DynamoDBClient(sdk), config.tableName),
    queue: sqsDeliveryQueue(new SQSClient(sdk), config.deliveryQueueUrl),
    notifier: snsNotifier(new SNSClient(sdk), config.alertTopicArn),
    applicationBus:
      config.applicationBusName === undefined
        ? undefined
        : eventbridgeSink(new EventBridgeClient(sdk), config.applicationBusName),
    metrics:
      config.metricsTransport === 'emf'
        ? emfMetricSink(config.metricsNamespace, writeLine)
        : cloudwatchMetricSink(new CloudWatchClient(sdk), config.metricsNamespace),
    parseEvent: parseRotationEvent,
    log: jsonLog(clock, writeLine),
    settings: serviceSettings(config),
  };
}

const serviceSettings = (config: Config): ServiceSettings => ({
  target: { account: config.accountId, region: config.region },
  policyDefaults: config,
  groupWaitMs: config.groupWaitMs,
  criticalGroupWaitMs: config.criticalGroupWaitMs,
  silenceCritical: config.silenceCritical === 'yes',
  runbookBaseUrl: config.runbookBaseUrl,
});

const standardOutput = (line: string): void => void process.stdout.write(`${line}\n`);
