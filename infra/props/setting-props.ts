import { Duration } from 'aws-cdk-lib';
import { AUDIT_SETTINGS } from '../../src/monitor/config/audit-settings.ts';
import { JUDGING_SETTINGS } from '../../src/monitor/config/judging-settings.ts';
import { SERVICE_SETTINGS } from '../../src/monitor/config/service-settings.ts';
import type { Setting } from '../../src/monitor/config/setting.ts';
import type { Config } from '../../src/monitor/config/settings.ts';
import type { SettingTexts } from './environment.ts';

/** The settings that an operator chooses, as properties; what they mean is in `docs/settings.md`. */
export interface SettingProps {
  /**
   * Longest time a version may be pending, with a rotation function.
   *
   * @default Duration.minutes(60)
   */
  readonly stuckAfter?: Duration;
  /**
   * Longest time a version may be pending, with managed rotation.
   *
   * @default Duration.minutes(15)
   */
  readonly managedStuckAfter?: Duration;
  /**
   * Longest time past the end of its rotation window before a secret is reported.
   *
   * @default Duration.minutes(15)
   */
  readonly overdueGrace?: Duration;
  /**
   * Interval within which the value of a secret is expected to change, whoever rotates it.
   *
   * @default - nothing is expected
   */
  readonly expectEvery?: Duration;
  /**
   * Longest time a failed rotation may take to heal.
   *
   * @default Duration.minutes(15)
   */
  readonly failedGrace?: Duration;
  /**
   * The same after a failed testSecret or finishSecret.
   *
   * @default Duration.minutes(2)
   */
  readonly splitGrace?: Duration;
  /**
   * Longest time a replica in another region may be in progress.
   *
   * @default Duration.minutes(60)
   */
  readonly replicationAfter?: Duration;
  /**
   * Time after a rotation that consumers with a lease have to confirm the version in use.
   *
   * @default Duration.minutes(15)
   */
  readonly confirmAfter?: Duration;
  /**
   * Audits find a version in use that is older.
   *
   * @default Duration.days(90)
   */
  readonly maxAge?: Duration;
  /**
   * Maximum time between rotation windows in audits.
   *
   * @default Duration.days(90)
   */
  readonly slowestSchedule?: Duration;
  /**
   * Audits find a secret that nobody has requested for longer.
   *
   * @default Duration.days(90)
   */
  readonly unusedAfter?: Duration;
  /**
   * Parameter `maximumAllowedRotationFrequency` of the control SecretsManager.1 in audits.
   *
   * @default - none, as in Security Hub
   */
  readonly maximumRotationFrequency?: Duration;
  /**
   * Longest time between two changes of an application's credential that your targeted risk analysis allows (PCI DSS
   * 4.0.1, 12.3.1).
   *
   * @default - audits skip PCI DSS 8.6.3
   */
  readonly riskAnalysisFrequency?: Duration;
  /**
   * Tag keys that the control SecretsManager.5 asks for in audits.
   *
   * @default - any tag will do
   */
  readonly requiredTagKeys?: readonly string[];
  /**
   * Days, hours and time zone in which audits count rotation windows as in business hours.
   *
   * @default 'MON-FRI 08:00-18:00 UTC'
   */
  readonly businessHours?: string;
  /**
   * Whether scheduled audits show Security Hub's own verdicts beside theirs: the role of the function, and those of
   * members, may then call securityhub:GetFindings.
   *
   * @default false
   */
  readonly securityHubVerdicts?: boolean;
  /**
   * Whether a rotation function is looked at (configuration, policy, concurrency, errors; no logs) before an alert
   * about it is sent.
   *
   * @default true
   */
  readonly inspectFunctions?: boolean;
  /**
   * Whether CloudTrail's event history is asked for events that did not arrive, and for what changed before an alert.
   *
   * @default true
   */
  readonly eventHistory?: boolean;
  /**
   * ARNs of the roles and users that may change the value in use outside a rotation without an alert, or the beginning
   * of an ARN followed by `*`.
   *
   * @default - nobody
   */
  readonly expectedWriters?: readonly string[];
  /**
   * Secrets whose users alternate, by name, or with `*` at the end all whose names begin so. Without it a tag alone says
   * so, and lets no silence keep quiet what would be CRITICAL otherwise.
   *
   * @default - none
   */
  readonly alternatingUsers?: readonly string[];
  /**
   * Owners that the tag `rotation-monitor:owner` may choose from.
   *
   * @default - none
   */
  readonly owners?: readonly string[];
  /**
   * The CloudWatch namespace of all metrics.
   *
   * @default 'SecretRotation'
   */
  readonly metricsNamespace?: string;
  /**
   * Interval of the sweep over all secrets; whole minutes, a day at most.
   *
   * @default Duration.minutes(5)
   */
  readonly sweepInterval?: Duration;
  /**
   * Number of secrets with the oldest stuck versions that get a metric of their own.
   *
   * @default 3
   */
  readonly worstSecrets?: number;
  /**
   * Time an alert waits for others of its group.
   *
   * @default Duration.seconds(30)
   */
  readonly groupWait?: Duration;
  /**
   * The same for CRITICAL alerts.
   *
   * @default Duration.seconds(5)
   */
  readonly criticalGroupWait?: Duration;
  /**
   * Whether the tag `rotation-monitor:silence-until` may keep CRITICAL alerts quiet too.
   *
   * @default false
   */
  readonly silenceCritical?: boolean;
  /**
   * Base URL of the published runbook pages.
   *
   * @default - alerts link to no runbook
   */
  readonly runbookBaseUrl?: string;
}

/** Metrics of Lambda functions go through their logs. */
const CHOSEN_HERE: readonly string[] = ['metrics-transport'];

/** A property and the setting that it sets. */
export interface SettingProp {
  readonly name: string;
  readonly field: keyof Config;
  readonly setting: Setting<unknown>;
}

/** The settings behind {@link SettingProps}. */
export const SETTING_PROPS: readonly SettingProp[] = propsOf({
  ...JUDGING_SETTINGS,
  ...SERVICE_SETTINGS,
});

/** The settings of audits, which their function alone reads. */
export const AUDIT_SETTING_PROPS: readonly SettingProp[] = propsOf(AUDIT_SETTINGS);

/** The settings that were chosen, in the words of the settings table. */
export const settingTexts = (props: SettingProps): SettingTexts => textsOf(SETTING_PROPS, props);

/** The same of the settings of audits. */
export const auditSettingTexts = (props: SettingProps): SettingTexts => textsOf(AUDIT_SETTING_PROPS, props);

function textsOf(settings: readonly SettingProp[], props: SettingProps): SettingTexts {
  const chosen: Readonly<Record<string, unknown>> = { ...props };
  const texts = settings.filter(({ name }) => chosen[name] !== undefined);
  return Object.fromEntries(texts.map(({ name, field }) => [field, textOf(chosen[name])]));
}

/** A value of a property in the words of the settings table. */
export function textOf(value: unknown): string {
  if (value instanceof Duration) return durationText(value.toSeconds());
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** Seconds in the largest unit that has a whole number of them: settings take six digits, and 90 days have seven. */
export function durationText(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400}d`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

function propsOf(table: Readonly<Record<string, Setting<unknown>>>): readonly SettingProp[] {
  return Object.entries(table)
    .filter(([, { key }]) => !CHOSEN_HERE.includes(key))
    .map(([field, setting]) => ({ name: camelCase(setting.key), field: field as keyof Config, setting }));
}

function camelCase(key: string): string {
  return key.replaceAll(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
