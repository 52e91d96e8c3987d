import { parseRotationEvent } from '../../src/adapters/eventbridge/parse-rotation-event.ts';
import { memoryAlertStore } from '../../src/adapters/memory/memory-alert-store.ts';
import {
  type MemoryDeliveryQueue,
  memoryDeliveryQueue,
} from '../../src/adapters/memory/memory-delivery-queue.ts';
import { type MemoryEventSink, memoryEventSink } from '../../src/adapters/memory/memory-event-sink.ts';
import { type MemoryHeartbeat, memoryHeartbeat } from '../../src/adapters/memory/memory-heartbeat.ts';
import { memoryLog } from '../../src/adapters/memory/memory-log.ts';
import { type MemoryMetricSink, memoryMetricSink } from '../../src/adapters/memory/memory-metric-sink.ts';
import { type MemoryNotifier, memoryNotifier } from '../../src/adapters/memory/memory-notifier.ts';
import {
  type MemorySecretCatalog,
  memorySecretCatalog,
} from '../../src/adapters/memory/memory-secret-catalog.ts';
import {
  type MemorySubscriptionWatch,
  memorySubscriptionWatch,
} from '../../src/adapters/memory/memory-subscription-watch.ts';
import type { Service } from '../../src/application/service.ts';
import { HOUR, type Instant, instant, MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { PolicyDefaults } from '../../src/domain/policy.ts';
import type { Target } from '../../src/domain/secret.ts';
import type { LogRecord } from '../../src/ports/log.ts';
import { NOW } from './builders.ts';

/** The account and region of the tests. */
export const TARGET: Target = { account: '111122223333', region: 'eu-west-1' };

/** What the default settings say about judging. */
export const DEFAULTS: PolicyDefaults = {
  stuckAfterMs: HOUR,
  managedStuckAfterMs: 15 * MINUTE,
  overdueGraceMs: 15 * MINUTE,
  failedGraceMs: 15 * MINUTE,
  splitGraceMs: 2 * MINUTE,
  owners: ['payments'],
};

/** A clock that stands where it was put. */
interface FixedClock {
  now(): Instant;
  set(at: Instant): void;
  advance(ms: number): void;
}

/** A clock at {@link NOW}. */
function fixedClock(start: Instant = NOW): FixedClock {
  let now = start;
  return {
    now: () => now,
    set: (at) => {
      now = at;
    },
    advance: (ms) => {
      now = instant(now + ms);
    },
  };
}

/** A service whose every port ends in memory. */
export interface MemoryService extends Service {
  readonly clock: FixedClock;
  readonly catalog: MemorySecretCatalog;
  readonly queue: MemoryDeliveryQueue;
  readonly notifier: MemoryNotifier;
  readonly subscriptions: MemorySubscriptionWatch;
  readonly healthNotifier: MemoryNotifier;
  readonly heartbeat: MemoryHeartbeat;
  readonly applicationBus: MemoryEventSink;
  readonly metrics: MemoryMetricSink;
  readonly records: readonly LogRecord[];
}

/** A service in memory, at {@link NOW}, that watches {@link TARGET}. */
export function aService(): MemoryService {
  const { log, records } = memoryLog();
  return {
    clock: fixedClock(),
    catalog: memorySecretCatalog(),
    store: memoryAlertStore(),
    queue: memoryDeliveryQueue(),
    notifier: memoryNotifier(),
    subscriptions: memorySubscriptionWatch({ confirmed: 1, pending: 0 }),
    healthNotifier: memoryNotifier(),
    heartbeat: memoryHeartbeat(),
    chat: undefined,
    applicationBus: memoryEventSink(),
    metrics: memoryMetricSink(),
    parseEvent: parseRotationEvent,
    log,
    records,
    settings: {
      target: TARGET,
      policyDefaults: DEFAULTS,
      groupWaitMs: 30 * SECOND,
      criticalGroupWaitMs: 5 * SECOND,
      silenceCritical: false,
      runbookBaseUrl: undefined,
      alertTopicArn: 'arn:aws:sns:eu-west-1:111122223333:rotation-alerts',
      sweepIntervalMs: 5 * MINUTE,
    },
  };
}
