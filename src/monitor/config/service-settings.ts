import { MAX_WORST_SECRETS } from '../domain/sweep/worst-pending.ts';
import type { SettingTable } from './setting.ts';
import * as kind from './setting-kind.ts';

/** Workings of the monitor itself: metrics, sweeps, waits, links. Durations are in milliseconds. */
export interface ServiceConfig {
  readonly metricsTransport: 'emf' | 'put-metric-data';
  readonly metricsNamespace: string;
  readonly sweepIntervalMs: number;
  readonly worstSecrets: number;
  readonly groupWaitMs: number;
  readonly criticalGroupWaitMs: number;
  readonly silenceCritical: boolean;
  readonly inspectFunctions: boolean;
  readonly eventHistory: boolean;
  readonly runbookBaseUrl: string | undefined;
}

/** The settings of {@link ServiceConfig}. */
export const SERVICE_SETTINGS: SettingTable<ServiceConfig> = {
  metricsTransport: {
    key: 'metrics-transport',
    kind: kind.choice('emf', 'put-metric-data'),
    default: 'emf',
    example: 'emf',
    meaning: 'How metrics reach CloudWatch: through the log (embedded metric format) or by PutMetricData.',
  },
  metricsNamespace: {
    key: 'metrics-namespace',
    kind: kind.namespace,
    default: 'SecretRotation',
    example: 'SecretRotation',
    meaning: 'The CloudWatch namespace of all metrics.',
  },
  sweepIntervalMs: {
    key: 'sweep-interval',
    kind: kind.duration,
    default: '5m',
    example: '5m',
    meaning: 'How often all secrets are checked.',
  },
  worstSecrets: {
    key: 'worst-secrets',
    kind: kind.wholeNumber(0, MAX_WORST_SECRETS),
    default: '3',
    example: '5',
    meaning:
      'How many of the secrets with the oldest stuck versions get the metric `PendingAge` of their own; CloudWatch charges for each.',
  },
  groupWaitMs: {
    key: 'group-wait',
    kind: kind.duration,
    default: '30s',
    example: '30s',
    meaning: 'How long an alert waits for others of its group before one message is sent for all.',
  },
  criticalGroupWaitMs: {
    key: 'critical-group-wait',
    kind: kind.duration,
    default: '5s',
    example: '5s',
    meaning: 'The same for alerts of severity CRITICAL.',
  },
  silenceCritical: {
    key: 'silence-critical',
    kind: kind.flag,
    default: 'false',
    example: 'false',
    meaning: 'Whether the tag `rotation-monitor:silence-until` may keep CRITICAL alerts quiet too.',
  },
  inspectFunctions: {
    key: 'inspect-functions',
    kind: kind.flag,
    default: 'true',
    example: 'true',
    meaning:
      'Whether a rotation function is inspected (configuration, policy, concurrency, errors; no logs) before an alert about it is sent.',
  },
  eventHistory: {
    key: 'event-history',
    kind: kind.flag,
    default: 'true',
    example: 'true',
    meaning:
      "Whether CloudTrail's event history is searched for events that did not arrive and for changes in the day before an alert.",
  },
  runbookBaseUrl: {
    key: 'runbook-base-url',
    kind: kind.url,
    optional: true,
    example: 'https://wiki.example.com/runbooks',
    meaning: 'Where the runbook pages are published; alerts then link to `<url>/<finding code>.md`.',
  },
};
