import type { PolicyDefaults } from '../domain/policy.ts';
import type { ParsedEvent } from '../domain/rotation-event.ts';
import type { Target } from '../domain/secret.ts';
import type { AlertStore } from '../ports/alert-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeliveryQueue } from '../ports/delivery-queue.ts';
import type { EventSink } from '../ports/event-sink.ts';
import type { Log } from '../ports/log.ts';
import type { MetricSink } from '../ports/metric-sink.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { SecretCatalog } from '../ports/secret-catalog.ts';

/** Settings the use cases need. */
export interface ServiceSettings {
  /** The account and region this deployment watches. */
  readonly target: Target;
  readonly policyDefaults: PolicyDefaults;
  /** How long a notification waits for others of its group, in milliseconds. */
  readonly groupWaitMs: number;
  /** The same for CRITICAL ones. */
  readonly criticalGroupWaitMs: number;
  /** Whether a silence may keep CRITICAL alerts quiet too. */
  readonly silenceCritical: boolean;
  readonly runbookBaseUrl: string | undefined;
}

/** Everything a use case may ask for; composed once per process. */
export interface Service {
  readonly clock: Clock;
  readonly catalog: SecretCatalog;
  readonly store: AlertStore;
  readonly queue: DeliveryQueue;
  readonly notifier: Notifier;
  /** The bus applications listen on; undefined where none is set. */
  readonly applicationBus: EventSink | undefined;
  readonly metrics: MetricSink;
  readonly parseEvent: (envelope: unknown) => ParsedEvent;
  readonly log: Log;
  readonly settings: ServiceSettings;
}
