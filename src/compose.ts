import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { retryAtOnce } from './adapters/aws/retry-at-once.ts';
import { cloudwatchMetricSink } from './adapters/cloudwatch/cloudwatch-metric-sink.ts';
import { dynamodbAlertStore } from './adapters/dynamodb/dynamodb-alert-store.ts';
import { eventbridgeSink } from './adapters/eventbridge/eventbridge-sink.ts';
import { parseRotationEvent } from './adapters/eventbridge/parse-rotation-event.ts';
import { httpHeartbeat } from './adapters/heartbeat/http-heartbeat.ts';
import { emfMetricSink } from './adapters/powertools/emf-metric-sink.ts';
import { secretsManagerCatalog } from './adapters/secrets-manager/secrets-manager-catalog.ts';
import { snsNotifier } from './adapters/sns/sns-notifier.ts';
import { snsSubscriptionWatch } from './adapters/sns/sns-subscription-watch.ts';
import { sqsDeliveryQueue } from './adapters/sqs/sqs-delivery-queue.ts';
import { jsonLog } from './adapters/system/json-log.ts';
import { systemClock } from './adapters/system/system-clock.ts';
import type { Service, ServiceSettings } from './application/service.ts';
import { withChat } from './compose-chat.ts';
import type { Config } from './config/settings.ts';
import { SECOND } from './domain/instant.ts';
import type { Clock } from './ports/clock.ts';

export type { Service } from './application/service.ts';

/** What tests, drill and chaos put in place of the real world. */
export interface Seams {
  readonly clock?: Clock;
  /** Serves the SDK clients in process; then nothing leaves it, and no real credentials are looked for. */
  readonly requestHandler?: NonNullable<DynamoDBClientConfig['requestHandler']>;
  /** Takes the lines that Lambda hands to CloudWatch Logs: log records and embedded metrics. */
  readonly writeLine?: (line: string) => void;
  /** Calls what is not AWS. */
  readonly fetch?: typeof fetch;
}

/** How often an SDK client tries a call: throttling in a large fleet is usual, waiting in a Lambda costs little. */
const MAX_ATTEMPTS = 5;

/** A sweep does not wait longer for a watcher outside AWS. */
const HEARTBEAT_TIMEOUT_MS: number = 5 * SECOND;

/** Calls that stay in the process need neither real credentials nor a signature nor pauses. */
const IN_PROCESS = {
  credentials: { accessKeyId: 'in-process', secretAccessKey: 'in-process' },
  signer: { sign: async <T>(request: T): Promise<T> => request },
  retryStrategy: retryAtOnce(MAX_ATTEMPTS),
};

/** Joins use cases and adapters; the only place that chooses them. */
export function compose(config: Config, seams: Seams = {}): Service {
  const { clock = systemClock, requestHandler, writeLine = standardOutput, fetch = globalThis.fetch } = seams;
  const sdk = {
    region: config.region,
    maxAttempts: MAX_ATTEMPTS,
    ...(requestHandler === undefined ? {} : { requestHandler, ...IN_PROCESS }),
  };
  const service: Omit<Service, 'chat'> = {
    clock,
    catalog: secretsManagerCatalog(new SecretsManagerClient(sdk)),
    store: dynamodbAlertStore(new DynamoDBClient(sdk), config.tableName),
    queue: sqsDeliveryQueue(new SQSClient(sdk), config.deliveryQueueUrl),
    notifier: snsNotifier(new SNSClient(sdk), config.alertTopicArn),
    subscriptions: snsSubscriptionWatch(new SNSClient(sdk), config.alertTopicArn),
    healthNotifier:
      config.healthTopicArn === undefined
        ? undefined
        : snsNotifier(new SNSClient(sdk), config.healthTopicArn),
    heartbeat:
      config.heartbeatUrl === undefined
        ? undefined
        : httpHeartbeat(config.heartbeatUrl, { fetch, timeoutMs: HEARTBEAT_TIMEOUT_MS }),
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
  return withChat(service, { config, sdk, fetch });
}

/** The settings of the use cases, out of the configuration. */
export const serviceSettings = (config: Config): ServiceSettings => ({
  target: { account: config.accountId, region: config.region },
  policyDefaults: config,
  groupWaitMs: config.groupWaitMs,
  criticalGroupWaitMs: config.criticalGroupWaitMs,
  silenceCritical: config.silenceCritical === 'yes',
  runbookBaseUrl: config.runbookBaseUrl,
  alertTopicArn: config.alertTopicArn,
  sweepIntervalMs: config.sweepIntervalMs,
});

const standardOutput = (line: string): void => void process.stdout.write(`${line}\n`);
