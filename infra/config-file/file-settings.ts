import { DAY, MINUTE } from '../../src/calendar/instant.ts';
import { RESOURCE_SETTINGS } from '../../src/monitor/config/resource-settings.ts';
import { SERVICE_SETTINGS } from '../../src/monitor/config/service-settings.ts';
import type { Setting } from '../../src/monitor/config/setting.ts';
import { duration, flag, type SettingKind, wholeNumber } from '../../src/monitor/config/setting-kind.ts';
import { AUDIT_SETTING_PROPS, SETTING_PROPS } from '../props/setting-props.ts';

const { accountId, region, slackWebhookParameter, applicationBusName, heartbeatUrlParameter } =
  RESOURCE_SETTINGS;
const { memberRoleName, memberExternalId } = RESOURCE_SETTINGS;

/** Interval of a schedule in milliseconds: Scheduler counts in minutes, and alarms look back no further than a week. */
const interval: SettingKind<number> = {
  expected: 'whole minutes, a day at most',
  parse: (text) => {
    const ms = duration.parse(text);
    return ms !== undefined && ms % MINUTE === 0 && ms <= DAY ? ms : undefined;
  },
};

/** Whether the file, or else the default, says that something is so. */
export const isOn = (
  settings: Readonly<Record<string, string>>,
  { key, kind, default: usual = 'false' }: Setting<boolean>,
): boolean => kind.parse(settings[key] ?? usual) === true;

/** Whether there are dashboards. */
export const DASHBOARDS: Setting<boolean> = {
  key: 'dashboards',
  kind: flag,
  default: 'true',
  example: 'false',
  meaning: 'Whether the three dashboards are deployed, at 3 USD a month each.',
};

/** Whether there is a canary. */
export const CANARY: Setting<boolean> = {
  key: 'canary',
  kind: flag,
  default: 'false',
  example: 'true',
  meaning: 'Whether a secret of the monitor itself proves that events arrive.',
};

/** Whether local agents are watched. */
export const LOCAL_AGENTS: Setting<boolean> = {
  key: 'local-agents',
  kind: flag,
  default: 'false',
  example: 'true',
  meaning: 'Whether an alarm watches the local agents that applications report on.',
};

/**
 * Number of other accounts and regions that are swept in parallel.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export const SWEEPS_AT_ONCE: Setting<number> = {
  key: 'sweeps-at-once',
  kind: wholeNumber(2, 1000),
  default: '5',
  example: '20',
  meaning: 'How many other accounts and regions are swept in parallel.',
};

/** Whether others subscribe. */
export const SUBSCRIBED_ELSEWHERE: Setting<boolean> = {
  key: 'subscribed-elsewhere',
  kind: flag,
  default: 'false',
  example: 'true',
  meaning:
    'Whether subscribers other than those in the file exist; without it, one subscription must get all alerts without a filter.',
};

/** Whether there are audits. */
export const AUDITS: Setting<boolean> = {
  key: 'audits',
  kind: flag,
  default: 'true',
  example: 'false',
  meaning: 'Whether a report on all secrets is stored every Monday at 06:00 UTC, and its summary sent.',
};

/** Settings of the file that only the deployment reads; no function reads them. */
export const DEPLOYMENT_SETTINGS: readonly Setting<unknown>[] = [
  DASHBOARDS,
  AUDITS,
  LOCAL_AGENTS,
  CANARY,
  SWEEPS_AT_ONCE,
  SUBSCRIBED_ELSEWHERE,
];

/** The settings that the file may name; the deployment makes all others itself. */
export const FILE_SETTINGS: ReadonlyMap<string, Setting<unknown>> = new Map(
  [
    ...[...SETTING_PROPS, ...AUDIT_SETTING_PROPS].map(({ setting }) => setting),
    accountId,
    region,
    slackWebhookParameter,
    heartbeatUrlParameter,
    applicationBusName,
    memberRoleName,
    memberExternalId,
    ...DEPLOYMENT_SETTINGS,
    { ...SERVICE_SETTINGS.sweepIntervalMs, kind: interval },
  ].map((setting) => [setting.key, setting]),
);
