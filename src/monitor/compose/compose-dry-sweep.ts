import { SecretsManagerClient, type SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import { SECOND } from '../../calendar/instant.ts';
import { lackOfCredentials, regionOf } from '../adapters/aws/client-readiness.ts';
import { parseRotationEvent } from '../adapters/eventbridge/parse-rotation-event.ts';
import { memoryAlertStore } from '../adapters/memory/memory-alert-store.ts';
import { memoryLeaseStore } from '../adapters/memory/memory-lease-store.ts';
import { memoryMetricSink } from '../adapters/memory/memory-metric-sink.ts';
import { memoryMoveStore } from '../adapters/memory/memory-move-store.ts';
import { memoryDeliveryQueue } from '../adapters/memory/memory-queues.ts';
import { secretsManagerCatalog } from '../adapters/secrets-manager/secrets-manager-catalog.ts';
import { callerAccount } from '../adapters/sts/caller-account.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import type { Sweeping } from '../application/sweep/sweep-secrets.ts';
import { type Environment, readConfig } from '../config/read-config.ts';
import { variableOf } from '../config/setting.ts';
import * as kind from '../config/setting-kind.ts';
import { SETTINGS } from '../config/settings.ts';
import type { Clock } from '../ports/clock.ts';
import { settingsOf } from './joints/settings-of.ts';
import { examination } from './parts/examination.ts';

/** Where and how to sweep once. */
export interface SweepConnection {
  /** Where AWS is spoken; the SDK's own choice when undefined. */
  readonly endpointUrl: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** The time to judge by; the machine's when undefined. */
  readonly clock: Clock | undefined;
  /** Whether made-up credentials will do where there are none, as on this machine's own loopback. */
  readonly anyCredentials: boolean;
}

/** A sweep that stores and sends nothing, ready to run. */
export interface ReadySweep {
  readonly kind: 'ready';
  readonly service: Sweeping;
  readonly region: string;
  /** The account as STS tells it; undefined when it does not. */
  readonly account: Promise<string | undefined>;
  /** The machine's clock, to see how long the sweep takes. */
  readonly wallClock: Clock;
}

/** What came of composing a sweep. */
export type ComposedSweep =
  | ReadySweep
  | { readonly kind: 'no-region'; readonly reason: string }
  | { readonly kind: 'no-credentials'; readonly reason: string };

/** An operator waits: fail soon, but ride out the throttling that a large fleet brings. */
const PATIENCE = {
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 3 * SECOND, requestTimeout: 5 * SECOND, throwOnRequestTimeout: true },
} as const satisfies Partial<SecretsManagerClientConfig>;

/** Whom a sweep from the command line neither watches nor tells. */
const NOBODY_ELSE = {
  log: () => undefined,
  deadlines: undefined,
  applicationBus: undefined,
  subscriptions: undefined,
  escalationSubscriptions: undefined,
  deadLetters: undefined,
  healthNotifier: undefined,
  heartbeat: undefined,
  accounts: undefined,
  sweepQueue: undefined,
};

const MADE_UP = { accessKeyId: 'sweep', secretAccessKey: 'sweep' };

/** The memory store files what it remembers under an account, any account. */
const ANY_ACCOUNT = '123456789012';

/** Joins the real secrets with memory for all else; throws a ConfigError when a setting is wrong. */
export async function composeDrySweep(
  connection: SweepConnection,
  environment: Environment,
): Promise<ComposedSweep> {
  const options = sdkOptions(connection);
  const client = new SecretsManagerClient(options);
  const region = await regionOf(client);
  if ('missing' in region) return { kind: 'no-region', reason: region.missing };
  if (kind.region.parse(region.value) === undefined) {
    return { kind: 'no-region', reason: `"${region.value}" is not ${kind.region.expected}` };
  }
  const lack = await lackOfCredentials(client);
  if (lack !== undefined && !connection.anyCredentials) return { kind: 'no-credentials', reason: lack };
  const sdk = { ...options, region: region.value, ...(lack === undefined ? {} : { credentials: MADE_UP }) };
  return {
    kind: 'ready',
    service: sweepingService(sdk, connection.clock ?? systemClock, {
      ...environment,
      ...stand(region.value),
    }),
    region: region.value,
    account: callerAccount(new STSClient({ ...sdk, maxAttempts: 1 })),
    wallClock: systemClock,
  };
}

const sdkOptions = ({ endpointUrl, region, profile }: SweepConnection) => ({
  ...PATIENCE,
  ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
  ...(region === undefined ? {} : { region }),
  ...(profile === undefined ? {} : { profile }),
});

function sweepingService(sdk: SecretsManagerClientConfig, clock: Clock, environment: Environment): Sweeping {
  const config = readConfig(environment);
  return {
    clock,
    catalog: secretsManagerCatalog(new SecretsManagerClient(sdk)),
    store: memoryAlertStore(),
    moves: memoryMoveStore(),
    leaseStore: memoryLeaseStore(),
    queue: memoryDeliveryQueue(),
    metrics: memoryMetricSink(),
    settings: { ...settingsOf(config), dailyChecks: 0 },
    parseEvent: parseRotationEvent,
    ...examination(config, sdk, clock),
    ...NOBODY_ELSE,
  };
}

/** Stands in for the settings that only a deployment has; those of judging are the operator's. */
const stand = (region: string): Environment => ({
  [variableOf(SETTINGS.accountId)]: ANY_ACCOUNT,
  [variableOf(SETTINGS.region)]: region,
  [variableOf(SETTINGS.tableName)]: SETTINGS.tableName.example,
  [variableOf(SETTINGS.alertTopicArn)]: SETTINGS.alertTopicArn.example,
  [variableOf(SETTINGS.deliveryQueueUrl)]: SETTINGS.deliveryQueueUrl.example,
});
