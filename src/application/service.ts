import type { ChatParts } from '../domain/message.ts';
import type { PolicyDefaults } from '../domain/policy.ts';
import type { ParsedEvent } from '../domain/rotation-event.ts';
import type { Target } from '../domain/secret.ts';
import type { AlertStore } from '../ports/alert-store.ts';
import type { ChatQueue } from '../ports/chat-queue.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeliveryQueue } from '../ports/delivery-queue.ts';
import type { EventSink } from '../ports/event-sink.ts';
import type { Heartbeat } from '../ports/heartbeat.ts';
import type { Log } from '../ports/log.ts';
import type { MetricSink } from '../ports/metric-sink.ts';
import type { Notifier, PartsNotifier } from '../ports/notifier.ts';
import type { SecretCatalog } from '../ports/secret-catalog.ts';
import type { SubscriptionWatch } from '../ports/subscription-watch.ts';

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
  /** The topic of the alerts, to name it when it does not work. */
  readonly alertTopicArn: string;
  readonly sweepIntervalMs: number;
}

/** What posting to a chat service needs. */
export interface ChatChannel {
  readonly notifier: PartsNotifier;
  readonly queue: ChatQueue;
  /** Undefined for what is no message of ours. */
  readonly parse: (body: string) => ChatParts | undefined;
  /** Where it is told that this channel does not work. */
  readonly otherPath: Notifier;
}

/** Everything a use case may ask for; composed once per process. */
export interface Service {
  readonly clock: Clock;
  readonly catalog: SecretCatalog;
  readonly store: AlertStore;
  readonly queue: DeliveryQueue;
  readonly notifier: Notifier;
  /** Who is subscribed to the alerts; undefined where there is no topic, as in a sweep from the command line. */
  readonly subscriptions: SubscriptionWatch | undefined;
  /** Where the monitor tells that its alerts do not arrive; undefined where no such path is set. */
  readonly healthNotifier: Notifier | undefined;
  /** Who watches from outside AWS; undefined where nobody does. */
  readonly heartbeat: Heartbeat | undefined;
  /** The chat service; undefined where none is set. */
  readonly chat: ChatChannel | undefined;
  /** The bus applications listen on; undefined where none is set. */
  readonly applicationBus: EventSink | undefined;
  readonly metrics: MetricSink;
  readonly parseEvent: (envelope: unknown) => ParsedEvent;
  readonly log: Log;
  readonly settings: ServiceSettings;
}
