import type { PolicyDefaults } from '../domain/secret/policy.ts';
import type { SettingTable } from './setting.ts';
import * as kind from './setting-kind.ts';

/** Thresholds by which secrets are judged, and their owners. Durations are in milliseconds. */
export interface JudgingConfig extends PolicyDefaults {
  readonly expectEveryMs: number | undefined;
  readonly maxAgeMs: number;
  readonly slowestScheduleMs: number;
  readonly unusedAfterMs: number;
}

/** The settings of {@link JudgingConfig}. */
export const JUDGING_SETTINGS: SettingTable<JudgingConfig> = {
  stuckAfterMs: {
    key: 'stuck-after',
    tag: 'stuck-after',
    kind: kind.duration,
    default: '60m',
    example: '60m',
    meaning:
      "Age at which a pending version is stuck, for secrets with a rotation function; never longer than the secret's rotation window.",
  },
  managedStuckAfterMs: {
    key: 'managed-stuck-after',
    tag: 'stuck-after',
    kind: kind.duration,
    default: '15m',
    example: '15m',
    meaning: 'The same for secrets that Secrets Manager rotates itself, which usually takes a minute.',
  },
  overdueGraceMs: {
    key: 'overdue-grace',
    tag: 'grace',
    kind: kind.duration,
    default: '15m',
    example: '15m',
    meaning: 'How long past the end of its rotation window a secret may be before it is overdue.',
  },
  expectEveryMs: {
    key: 'expect-every',
    tag: 'expect-every',
    kind: kind.duration,
    optional: true,
    example: '90d',
    meaning:
      'How often the value of a secret is expected to change, whoever rotates it: one whose version in use is older is overdue. Off unless it is set.',
  },
  failedGraceMs: {
    key: 'failed-grace',
    kind: kind.duration,
    default: '15m',
    example: '15m',
    meaning: 'How long a failed rotation may take to recover before it is reported.',
  },
  splitGraceMs: {
    key: 'split-grace',
    kind: kind.duration,
    default: '2m',
    example: '2m',
    meaning: 'The same after a failed testSecret or finishSecret, when AWSCURRENT may be dead already.',
  },
  // AWS names no time; minutes are usual, and after an hour a rotation counts as stuck, too.
  replicationAfterMs: {
    key: 'replication-after',
    tag: 'replication-after',
    kind: kind.duration,
    default: '60m',
    example: '60m',
    meaning:
      'How long a replica in another region may be in progress, counted from the first check that found it so.',
  },
  // Three times the 300 seconds that caches of AWS keep a secret by default.
  confirmAfterMs: {
    key: 'confirm-after',
    tag: 'confirm-after',
    kind: kind.duration,
    default: '15m',
    example: '15m',
    meaning: 'How long consumers with a lease have after a rotation to confirm the version in use.',
  },
  // The three of audits have no tag: whoever is audited must not choose the limits.
  maxAgeMs: {
    key: 'max-age',
    kind: kind.duration,
    default: '90d',
    example: '90d',
    meaning: 'Maximum age of the version in use in audits; Security Hub uses 90 days, too.',
  },
  slowestScheduleMs: {
    key: 'slowest-schedule',
    kind: kind.duration,
    default: '90d',
    example: '90d',
    meaning: 'Maximum time between rotation windows in audits.',
  },
  unusedAfterMs: {
    key: 'unused-after',
    kind: kind.duration,
    default: '90d',
    example: '90d',
    meaning:
      'Time without a request after which audits report a secret as unused; Security Hub uses 90 days, too.',
  },
  // No tag: whoever writes values must not say that he may.
  expectedWriters: {
    key: 'expected-writers',
    kind: kind.list,
    default: '',
    example: 'arn:aws:iam::111122223333:role/password-service',
    meaning:
      'Who may change the value in use outside a rotation without an alert: ARNs of roles and users, or the beginning of an ARN with `*` behind it.',
  },
  alternatingUsers: {
    key: 'alternating-users',
    kind: kind.list,
    default: '',
    example: 'prod/orders/db,prod/shop/*',
    meaning:
      'Secrets whose users alternate, by name or by a prefix with `*` at its end: their credential in use survives a failed rotation. The tag `rotation-monitor:strategy` does the same for one secret, but only this setting lets a silence suppress alerts that would otherwise be CRITICAL.',
  },
  owners: {
    key: 'owners',
    kind: kind.list,
    default: '',
    example: 'payments,platform',
    meaning: 'The owners that the tag `rotation-monitor:owner` of a secret may choose from, for routing.',
  },
};
