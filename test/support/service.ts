import { DAY, HOUR, type Instant, instant, MINUTE, SECOND } from '../../src/calendar/instant.ts';
import { parseRotationEvent } from '../../src/monitor/adapters/eventbridge/parse-rotation-event.ts';
import {
  type MemoryAuditStarter,
  memoryAuditStarter,
} from '../../src/monitor/adapters/memory/audit/memory-audit-starter.ts';
import { memoryHistoryStore } from '../../src/monitor/adapters/memory/audit/memory-history-store.ts';
import { memoryAlertStore } from '../../src/monitor/adapters/memory/memory-alert-store.ts';
import {
  type MemoryDeadlineScheduler,
  memoryDeadlineScheduler,
} from '../../src/monitor/adapters/memory/memory-deadline-scheduler.ts';
import {
  type MemoryEventSink,
  memoryEventSink,
} from '../../src/monitor/adapters/memory/memory-event-sink.ts';
import {
  type MemoryLeaseStore,
  memoryLeaseStore,
} from '../../src/monitor/adapters/memory/memory-lease-store.ts';
import { memoryMoveStore } from '../../src/monitor/adapters/memory/memory-move-store.ts';
import { type MemoryNotifier, memoryNotifier } from '../../src/monitor/adapters/memory/memory-notifier.ts';
import {
  type MemoryDeliveryQueue,
  type MemoryMessageQueue,
  type MemorySweepQueue,
  memoryDeliveryQueue,
  memoryMessageQueue,
  memorySweepQueue,
} from '../../src/monitor/adapters/memory/memory-queues.ts';
import {
  type MemorySecretCatalog,
  memorySecretCatalog,
} from '../../src/monitor/adapters/memory/memory-secret-catalog.ts';
import {
  type MemoryDeadLetterWatch,
  memoryDeadLetterWatch,
} from '../../src/monitor/adapters/memory/watch/memory-dead-letter-watch.ts';
import {
  type MemoryHeartbeat,
  memoryHeartbeat,
} from '../../src/monitor/adapters/memory/watch/memory-heartbeat.ts';
import {
  type MemoryMetricSink,
  memoryMetricSink,
} from '../../src/monitor/adapters/memory/watch/memory-metric-sink.ts';
import {
  type MemorySubscriptionWatch,
  memorySubscriptionWatch,
} from '../../src/monitor/adapters/memory/watch/memory-subscription-watch.ts';
import { parseSweepMessage } from '../../src/monitor/adapters/sqs/sweep-message.ts';
import type { Service } from '../../src/monitor/application/service.ts';
import type { PolicyDefaults } from '../../src/monitor/domain/secret/policy.ts';
import type { Target } from '../../src/monitor/domain/secret/secret.ts';
import type { Clock } from '../../src/monitor/ports/clock.ts';
import type { LogRecord } from '../../src/monitor/ports/log.ts';
import { NOW } from './builders.ts';

/** The account and region of the tests. */
export const TARGET: Target = { account: '111122223333', region: 'eu-west-1' };

/** Default settings about judging. */
export const DEFAULTS: PolicyDefaults = {
  stuckAfterMs: HOUR,
  managedStuckAfterMs: 15 * MINUTE,
  overdueGraceMs: 15 * MINUTE,
  failedGraceMs: 15 * MINUTE,
  splitGraceMs: 2 * MINUTE,
  replicationAfterMs: HOUR,
  confirmAfterMs: 15 * MINUTE,
  expectedWriters: [],
  alternatingUsers: [],
  owners: ['payments'],
};

/** A clock that stands where it was put. */
interface FixedClock extends Clock {
  set(at: Instant): void;
  advance(ms: number): void;
}

/** A clock at {@link NOW}. */
function fixedClock(start: Instant = NOW): FixedClock {
  let now = start;
  return {
    now: () => now,
    pause: async (ms) => {
      now = instant(now + ms);
    },
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
  readonly leaseStore: MemoryLeaseStore;
  readonly queue: MemoryDeliveryQueue;
  readonly sweepQueue: MemorySweepQueue;
  readonly deadlines: MemoryDeadlineScheduler;
  readonly notifier: MemoryNotifier;
  readonly subscriptions: MemorySubscriptionWatch;
  readonly escalationSubscriptions: MemorySubscriptionWatch;
  readonly deadLetters: MemoryDeadLetterWatch;
  readonly healthNotifier: MemoryNotifier;
  readonly heartbeat: MemoryHeartbeat;
  readonly applicationBus: MemoryEventSink;
  /** The queue of all events. */
  readonly postponed: MemoryMessageQueue;
  readonly auditStarter: MemoryAuditStarter;
  readonly metrics: MemoryMetricSink;
  readonly records: readonly LogRecord[];
}

/** A service in memory, at {@link NOW}, that watches {@link TARGET}. */
export function aService(): MemoryService {
  const records: LogRecord[] = [];
  const log = (record: LogRecord): void => void records.push(record);
  const postponed = memoryMessageQueue();
  return {
    clock: fixedClock(),
    catalog: memorySecretCatalog(),
    store: memoryAlertStore(),
    moves: memoryMoveStore(),
    changes: memoryHistoryStore(),
    leaseStore: memoryLeaseStore(),
    queue: memoryDeliveryQueue(),
    accessTo: ({ account, region }) => {
      throw new Error(`There is no way into ${account} ${region}`);
    },
    accounts: undefined,
    sweepQueue: memorySweepQueue(),
    parseSweepRequest: parseSweepMessage,
    deadlines: memoryDeadlineScheduler(),
    notifier: memoryNotifier(),
    subscriptions: memorySubscriptionWatch({ confirmed: 1, pending: 0 }),
    escalationSubscriptions: memorySubscriptionWatch({ confirmed: 1, pending: 0 }),
    deadLetters: memoryDeadLetterWatch(),
    healthNotifier: memoryNotifier(),
    heartbeat: memoryHeartbeat(),
    chat: undefined,
    canary: undefined,
    audits: undefined,
    auditStarter: memoryAuditStarter(),
    applicationBus: memoryEventSink(),
    eventQueue: () => postponed,
    postponed,
    inspector: undefined,
    history: undefined,
    metrics: memoryMetricSink(),
    parseEvent: parseRotationEvent,
    log,
    records,
    settings: {
      target: TARGET,
      members: [],
      policyDefaults: DEFAULTS,
      groupWaitMs: 30 * SECOND,
      criticalGroupWaitMs: 5 * SECOND,
      silenceCritical: false,
      runbookBaseUrl: undefined,
      acknowledgeFunctionArn: undefined,
      alertTopicArn: 'arn:aws:sns:eu-west-1:111122223333:rotation-alerts',
      escalationTopicArn: undefined,
      heartbeatUrlParameter: undefined,
      sweepIntervalMs: 5 * MINUTE,
      worstSecrets: 5,
      dailyChecks: 500,
      auditLimits: { maxAgeMs: 90 * DAY, slowestScheduleMs: 90 * DAY, unusedAfterMs: 90 * DAY },
      auditEveryMs: undefined,
      canarySecretArn: undefined,
    },
  };
}
