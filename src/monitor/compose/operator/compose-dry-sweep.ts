import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseRotationEvent } from '../../adapters/eventbridge/parse-rotation-event.ts';
import { memoryHistoryStore } from '../../adapters/memory/audit/memory-history-store.ts';
import { memoryAlertStore } from '../../adapters/memory/memory-alert-store.ts';
import { memoryLeaseStore } from '../../adapters/memory/memory-lease-store.ts';
import { memoryMoveStore } from '../../adapters/memory/memory-move-store.ts';
import { memoryDeliveryQueue } from '../../adapters/memory/memory-queues.ts';
import { memoryMetricSink } from '../../adapters/memory/watch/memory-metric-sink.ts';
import { secretsManagerCatalog } from '../../adapters/secrets-manager/secrets-manager-catalog.ts';
import type { Sweeping } from '../../application/sweep/sweep-secrets.ts';
import { type Environment, readConfig } from '../../config/read-config.ts';
import type { Clock } from '../../ports/clock.ts';
import { settingsOf } from '../joints/settings-of.ts';
import { standIn } from '../joints/stand-in.ts';
import { examination } from '../parts/examination.ts';
import type { CommandClocks } from './command-clocks.ts';
import type { Connected, ConnectedSdk } from './compose-connection.ts';

/** A sweep that stores and sends nothing, ready to run. */
export interface ReadySweep {
  readonly service: Sweeping;
  readonly region: string;
  /** The account as STS reports it; undefined when it does not. */
  readonly account: Promise<string | undefined>;
  /** Shows how long the sweep takes. */
  readonly wallClock: Clock;
}

/** Parts that a sweep from the command line does without: it notifies nobody and watches nothing but secrets. */
const NOBODY_ELSE = {
  log: () => undefined,
  deadlines: undefined,
  applicationBus: undefined,
  subscriptions: undefined,
  escalationSubscriptions: undefined,
  deadLetters: undefined,
  auditStarter: undefined,
  healthNotifier: undefined,
  heartbeat: undefined,
  accounts: undefined,
  sweepQueue: undefined,
};

/** The memory store files what it remembers under an account, any account. */
const ANY_ACCOUNT = '123456789012';

/** Joins the real secrets with memory for all else; throws a ConfigError when a setting is wrong. */
export function composeDrySweep(
  { sdk, region, identity }: Connected,
  environment: Environment,
  clocks: CommandClocks,
): ReadySweep {
  return {
    service: sweepingService(sdk, clocks, { ...environment, ...standIn({ account: ANY_ACCOUNT, region }) }),
    region,
    account: identity().then((caller) => caller?.account),
    wallClock: clocks.wallClock,
  };
}

function sweepingService(
  sdk: ConnectedSdk,
  { clock, wallClock }: CommandClocks,
  environment: Environment,
): Sweeping {
  const config = readConfig(environment);
  return {
    clock,
    catalog: secretsManagerCatalog(new SecretsManagerClient(sdk)),
    store: memoryAlertStore(),
    moves: memoryMoveStore(),
    changes: memoryHistoryStore(),
    leaseStore: memoryLeaseStore(),
    queue: memoryDeliveryQueue(),
    metrics: memoryMetricSink(),
    settings: { ...settingsOf(config), dailyChecks: 0, isSingleLook: true },
    parseEvent: parseRotationEvent,
    // Whatever time is judged by, CloudTrail answers at its own pace.
    ...examination(config, sdk, wallClock),
    ...NOBODY_ELSE,
  };
}
