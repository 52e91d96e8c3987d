/** CloudWatch's words for what a number counts. */
type MetricUnit = 'Count' | 'Seconds' | 'Milliseconds' | 'Percent';

/** Every metric the monitor publishes, or applications publish beside it. */
export type MetricName =
  | 'SecretsObserved'
  | 'SecretsUnverifiable'
  | 'RotationsInProgress'
  | 'PendingStuck'
  | 'OldestPendingAge'
  | 'PendingAge'
  | 'RotationOverdue'
  | 'RotationDisabled'
  | 'ReplicasUnwatched'
  | 'AlertsOpen'
  | 'CriticalAlertsOpen'
  | 'TargetsNotSwept'
  | 'OldestTargetSweepAge'
  | 'SweepHeartbeat'
  | 'SweepDuration'
  | 'SweepApiCalls'
  | 'DailyCheckApiCalls'
  | 'DailyChecksFailed'
  | 'SecretsUnstorable'
  | 'SweepsOverlapped'
  | 'SweepsHandedOver'
  | 'AccountListingsFailed'
  | 'SubscriptionsConfirmed'
  | 'UndeliveredNotifications'
  | 'RotationSucceeded'
  | 'RotationFailed'
  | 'RotationAbandoned'
  | 'RotationFlakes'
  | 'RotationDuration'
  | 'EventsReceived'
  | 'EventsUnrecognised'
  | 'ItemsUnreadable'
  | 'EventsMissed'
  | 'EventsUnwatched'
  | 'CanaryEventDelay'
  | 'NotificationsDelivered'
  | 'NotificationsFailed'
  | 'ChatMessagesDelivered'
  | 'ChatMessagesFailed'
  | 'ChatMessagesUnrecognised'
  | 'InvalidationsSent'
  | 'InvalidationsFailed'
  | 'InvalidationsConfirmed'
  | 'PropagationTime'
  | 'HealthAlertsSent'
  | 'HealthAlertsFailed'
  | 'HeartbeatsFailed'
  | 'SelfChecksFailed'
  | 'DeadlineSchedulesFailed'
  | 'AuditAge'
  | 'AgentRequests'
  | 'AgentFallbacks'
  | 'AgentErrorRate'
  | 'AgentResponseTime'
  | 'AgentAvailability';

/** One metric of the catalogue. */
export interface Metric {
  /**
   * `sweep`: a gauge, published at the end of every sweep, also when it is 0. `worst`: published by a sweep for the few
   * worst secrets, while there are any. `event`: published when it happens. `agent`: published by applications that read
   * from a local agent, once without and once with its dimension.
   */
  readonly published: 'sweep' | 'worst' | 'event' | 'agent';
  readonly unit: MetricUnit;
  /** Names of the dimensions every datapoint carries; few values each, never an account, and a secret only for the worst. */
  readonly dimensions: readonly string[];
  /** The statistic that makes sense of it. */
  readonly statistic: 'Maximum' | 'Sum' | 'Average';
  /** One sentence: what the number is. */
  readonly meaning: string;
}

/** One measurement. */
export interface Datapoint {
  readonly name: MetricName;
  readonly value: number;
  readonly dimensions?: Readonly<Record<string, string>>;
}

const gauge = (meaning: string, unit: MetricUnit = 'Count'): Metric => ({
  published: 'sweep',
  unit,
  dimensions: [],
  statistic: 'Maximum',
  meaning,
});

const count = (meaning: string, dimensions: readonly string[] = []): Metric => ({
  published: 'event',
  unit: 'Count',
  dimensions,
  statistic: 'Sum',
  meaning,
});

const agent = (meaning: string, unit: MetricUnit, statistic: Metric['statistic'] = 'Average'): Metric => ({
  published: 'agent',
  unit,
  dimensions: ['Service'],
  statistic,
  meaning,
});

/**
 * The catalogue: emission, alarms, dashboards and documentation follow it. The number of series does not grow with the
 * number of secrets.
 */
export const METRICS: Readonly<Record<MetricName, Metric>> = {
  SecretsObserved: gauge('Secrets that the sweep checked.'),
  SecretsUnverifiable: gauge('Secrets that could not be checked.'),
  RotationsInProgress: gauge(
    'Secrets with a pending version that is not the one in use, within its threshold.',
  ),
  PendingStuck: gauge('Secrets whose pending version is older than its threshold.'),
  OldestPendingAge: gauge(
    'Age of the oldest pending version that is not the one in use; 0 if none.',
    'Seconds',
  ),
  PendingAge: {
    ...gauge(
      'Age of the pending version of one of the worst secrets; published only while it is a problem.',
      'Seconds',
    ),
    published: 'worst',
    dimensions: ['SecretName'],
  },
  RotationOverdue: gauge('Secrets that did not rotate by the end of their rotation window.'),
  RotationDisabled: gauge('Secrets whose rotation was switched off.'),
  ReplicasUnwatched: gauge(
    'Replicas whose primary is in a region that is not watched, so failures of its rotation are not reported; not published without replicas.',
  ),
  AlertsOpen: gauge('Alerts that are open.'),
  CriticalAlertsOpen: gauge('Alerts of severity CRITICAL that are open.'),
  TargetsNotSwept: gauge(
    'Accounts and regions without a recent sweep, counted as their last sweep found them; not published without members.',
  ),
  OldestTargetSweepAge: gauge(
    'Time since the last complete sweep of the account and region that has waited longest; not published without members.',
    'Seconds',
  ),
  SweepHeartbeat: {
    ...gauge('1 while the account and region of the monitor are swept; missing otherwise.'),
    statistic: 'Sum',
  },
  SweepDuration: gauge('How long the longest of the last sweeps took.', 'Milliseconds'),
  SweepApiCalls: gauge('Calls to AWS Secrets Manager that the last sweeps made.'),
  DailyCheckApiCalls: count(
    'Calls to AWS Secrets Manager for daily checks; SweepApiCalls does not include them.',
  ),
  DailyChecksFailed: count('Daily checks that failed, by reason.', ['Reason']),
  SecretsUnstorable: count(
    'Secrets whose state the table refused, so a sweep skipped them; nothing new about them is reported.',
  ),
  SweepsOverlapped: count(
    'Sweeps that ended at once because another one of the same account and region was running.',
  ),
  SweepsHandedOver: count('Times a sweep continued in another invocation because time ran out.'),
  AccountListingsFailed: count('Organizational units whose accounts could not be listed, by reason.', [
    'Reason',
  ]),
  SubscriptionsConfirmed: gauge(
    'Confirmed subscriptions of the alert topic; 0 means that nobody gets the alerts, no datapoint that they could not be counted.',
  ),
  UndeliveredNotifications: gauge('Notifications that are at least 15 minutes late.'),
  RotationSucceeded: count('Rotations that succeeded.'),
  RotationFailed: count(
    'Failed attempts to rotate, by the step that failed (`unknown` if the event names none).',
    ['Step'],
  ),
  RotationAbandoned: count('Rotations that Secrets Manager abandoned because a caller wrote a new version.'),
  RotationFlakes: count('Failed rotations that recovered within the grace period and were not reported.'),
  RotationDuration: {
    ...count('Time from the start of a rotation to its success.'),
    unit: 'Seconds',
    statistic: 'Average',
  },
  EventsReceived: count('Rotation events received.'),
  EventsUnrecognised: count('Events that arrived and were not recognised.'),
  ItemsUnreadable: count(
    'Stored items that could not be read; they were skipped, and their secrets are judged again.',
  ),
  EventsMissed: count('Rotations for which no event had arrived half an hour later.'),
  EventsUnwatched: count('Events of accounts and regions that are not watched; they were dropped.'),
  CanaryEventDelay: {
    ...count(
      'Time from an event of the canary to its arrival, for a `rotation` or an API `call`; no datapoint means that events do not arrive.',
      ['Kind'],
    ),
    unit: 'Seconds',
    statistic: 'Maximum',
  },
  NotificationsDelivered: count('Notifications a channel accepted.'),
  NotificationsFailed: count('Notifications a channel refused, by reason.', ['Reason']),
  ChatMessagesDelivered: count('Messages Slack accepted.'),
  ChatMessagesFailed: count('Messages a chat channel refused, by channel and reason; each try counts.', [
    'Channel',
    'Reason',
  ]),
  ChatMessagesUnrecognised: count('Messages in the chat queue that were not recognised and were dropped.'),
  InvalidationsSent: count('Events sent to applications to drop a cached secret.'),
  InvalidationsFailed: count('Such events that could not be sent.'),
  InvalidationsConfirmed: count(
    'Consumers with a live lease that used the current version when their time to confirm it ended.',
  ),
  PropagationTime: {
    ...count('Time from the end of a rotation until the last of those consumers used its version.'),
    unit: 'Seconds',
    statistic: 'Maximum',
  },
  HealthAlertsSent: count('Messages to the health topic about the alert path itself.'),
  HealthAlertsFailed: count('Such messages the health topic refused, by reason.', ['Reason']),
  HeartbeatsFailed: count('Heartbeats that the watcher outside AWS did not accept, by reason.', ['Reason']),
  SelfChecksFailed: count('Failed checks of subscriptions and dead-letter queues, by reason.', ['Reason']),
  DeadlineSchedulesFailed: count(
    'Checks at a deadline that could not be scheduled, by reason; a later sweep makes them.',
    ['Reason'],
  ),
  AuditAge: {
    ...count(
      'Time since the secrets were read for the last complete audit; published when one completes, once a day by a sweep, and by every sweep while an audit is overdue.',
    ),
    unit: 'Seconds',
    statistic: 'Maximum',
  },
  AgentRequests: agent('Requests to local agents.', 'Count', 'Sum'),
  AgentFallbacks: agent(
    'Reads that went to the API because a local agent returned no value.',
    'Count',
    'Sum',
  ),
  AgentErrorRate: agent('Share of reads for which a local agent returned no value.', 'Percent'),
  AgentResponseTime: agent('Average response time of a local agent.', 'Milliseconds'),
  AgentAvailability: agent('100 if the local agent of a process answers its ping, otherwise 0.', 'Percent'),
};
