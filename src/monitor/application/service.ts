import type { AuditLimits } from '../domain/audit/audit-finding.ts';
import type { ChatParts } from '../domain/message/message.ts';
import type { AuditFrame } from '../domain/report/compute/facts.ts';
import type { ParsedEvent } from '../domain/rotation/rotation-event.ts';
import type { MemberGroup } from '../domain/secret/member-group.ts';
import type { PolicyDefaults } from '../domain/secret/policy.ts';
import type { SecretArn, Target } from '../domain/secret/secret.ts';
import type { SweepRequest } from '../domain/sweep/sweep-request.ts';
import type { CanarySecret } from '../ports/canary/canary-secret.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { AccountDirectory } from '../ports/look/account-directory.ts';
import type { EventHistory } from '../ports/look/event-history.ts';
import type { FunctionInspector } from '../ports/look/function-inspector.ts';
import type { SecretCatalog } from '../ports/look/secret-catalog.ts';
import type { MessageQueue } from '../ports/message-queue.ts';
import type { AuditStarter } from '../ports/report/audit-starter.ts';
import type { ReportStore } from '../ports/report/report-store.ts';
import type { AlertStore } from '../ports/store/alert-store.ts';
import type { HistoryStore } from '../ports/store/history-store.ts';
import type { LeaseStore } from '../ports/store/lease-store.ts';
import type { MoveStore } from '../ports/store/move-store.ts';
import type { DeadlineScheduler } from '../ports/sweep/deadline-scheduler.ts';
import type { SweepQueue } from '../ports/sweep/sweep-queue.ts';
import type { DeliveryQueue } from '../ports/tell/delivery-queue.ts';
import type { EventSink } from '../ports/tell/event-sink.ts';
import type { Notifier, PartsNotifier } from '../ports/tell/notifier.ts';
import type { DeadLetterWatch } from '../ports/watch/dead-letter-watch.ts';
import type { Heartbeat } from '../ports/watch/heartbeat.ts';
import type { MetricSink } from '../ports/watch/metric-sink.ts';
import type { SubscriptionWatch } from '../ports/watch/subscription-watch.ts';

/** Settings the use cases need. */
export interface ServiceSettings {
  /** The account and region that are looked at: those of the monitor itself, but in a service seen from elsewhere. */
  readonly target: Target;
  /** The other accounts and regions that are watched. */
  readonly members: readonly MemberGroup[];
  readonly policyDefaults: PolicyDefaults;
  /** Time a notification waits for others of its group, in milliseconds. */
  readonly groupWaitMs: number;
  /** The same for CRITICAL ones. */
  readonly criticalGroupWaitMs: number;
  /** Whether a silence may keep CRITICAL alerts quiet too. */
  readonly silenceCritical: boolean;
  readonly runbookBaseUrl: string | undefined;
  /** The function that takes acknowledgements; undefined where messages do not say how to acknowledge. */
  readonly acknowledgeFunctionArn: string | undefined;
  /** The topic of the alerts, to name it when it does not work. */
  readonly alertTopicArn: string;
  /** The topic of what nobody acknowledges; undefined where it has no route of its own. */
  readonly escalationTopicArn: string | undefined;
  /** The parameter with the address of the watcher outside AWS, to name it when it does not work. */
  readonly heartbeatUrlParameter: string | undefined;
  readonly sweepIntervalMs: number;
  /** Whether nothing is remembered from sweep to sweep, and nobody is notified. */
  readonly isSingleLook?: true | undefined;
  /** Number of the worst secrets that have a metric of their own. */
  readonly worstSecrets: number;
  /** Most secrets for which one sweep makes the daily checks. */
  readonly dailyChecks: number;
  readonly auditLimits: AuditLimits;
  /** Longest time between two scheduled audits; undefined where there are none. */
  readonly auditEveryMs: number | undefined;
  /** The secret that is there to have events of; undefined where there is none. */
  readonly canarySecretArn: SecretArn | undefined;
}

/** The notifier, queue and parser of a chat service. */
export interface ChatChannel {
  readonly notifier: PartsNotifier;
  readonly queue: MessageQueue;
  /** Undefined for what is no message of ours. */
  readonly parse: (body: string) => ChatParts | undefined;
  /** Notifier for reports that this channel does not work. */
  readonly otherPath: Notifier;
}

/** The store, rules and names of scheduled audits. */
interface AuditParts {
  readonly reports: ReportStore;
  /** The bucket of the reports, and the beginning of their keys. */
  readonly bucketName: string;
  readonly keyPrefix: string;
  readonly rules: Pick<AuditFrame, 'controls' | 'stuckAfterMs' | 'isInBusinessHours'>;
  /** Version of this package. */
  readonly version: string;
  /** Settings that figures depend on, name → text. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The ports to one account and region, with a role that may look there. */
export interface TargetAccess {
  readonly catalog: SecretCatalog;
  /** Looks at rotation functions; undefined where that is switched off. */
  readonly inspector: FunctionInspector | undefined;
  /** The records of CloudTrail; undefined where the monitor may not look. */
  readonly history: EventHistory | undefined;
}

/** Everything a use case may ask for; composed once per process. */
export interface Service extends TargetAccess {
  readonly clock: Clock;
  /** The ways into another account or region; made once for each. */
  readonly accessTo: (target: Target) => TargetAccess;
  /** The accounts of the organization; undefined where none are asked for. */
  readonly accounts: AccountDirectory | undefined;
  /** Has targets swept by other invocations; undefined where there is no queue for it. */
  readonly sweepQueue: SweepQueue | undefined;
  /** Undefined for what is no message of the sweep queue. */
  readonly parseSweepRequest: (body: string) => SweepRequest | undefined;
  readonly store: AlertStore;
  /** The changes of secrets, kept for audits. */
  readonly changes: HistoryStore;
  /** The last move of AWSCURRENT that applications were notified of. */
  readonly moves: MoveStore;
  /** The leases by which consumers report the versions they use. */
  readonly leaseStore: LeaseStore;
  readonly queue: DeliveryQueue;
  /** Has secrets checked at their deadlines; undefined where that is left to the sweeps. */
  readonly deadlines: DeadlineScheduler | undefined;
  readonly notifier: Notifier;
  /**
   * Watch over the subscriptions to the alerts; undefined where there is no topic, as in a sweep from the command line.
   */
  readonly subscriptions: SubscriptionWatch | undefined;
  /** Watch over the subscriptions to the escalation route; undefined where there is none. */
  readonly escalationSubscriptions: SubscriptionWatch | undefined;
  /** Watch over the messages that its queues gave up on; undefined where no dead-letter queues are set. */
  readonly deadLetters: DeadLetterWatch | undefined;
  /** Notifier for reports that alerts do not arrive; undefined where no such path is set. */
  readonly healthNotifier: Notifier | undefined;
  /** Heartbeat to a watcher outside AWS; undefined where there is none. */
  readonly heartbeat: Heartbeat | undefined;
  /** The chat service; undefined where none is set. */
  readonly chat: ChatChannel | undefined;
  /** Scheduled audits, for their own function; undefined where there are none. */
  readonly audits: AuditParts | undefined;
  /** Has the scheduled audit run; undefined where there is none. */
  readonly auditStarter: AuditStarter | undefined;
  /** The canary secret, for its own functions; undefined where there is no canary. */
  readonly canary: CanarySecret | undefined;
  /** The bus applications listen on; undefined where none is set. */
  readonly applicationBus: EventSink | undefined;
  readonly metrics: MetricSink;
  /** The queue that an event came from, by ARN. */
  readonly eventQueue: (queueArn: string) => MessageQueue;
  readonly parseEvent: (envelope: unknown) => ParsedEvent;
  readonly log: Log;
  readonly settings: ServiceSettings;
}
