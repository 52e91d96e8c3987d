import { DAY, MINUTE } from '../../src/calendar/instant.ts';
import { RESOURCE_SETTINGS } from '../../src/monitor/config/resource-settings.ts';
import { SERVICE_SETTINGS } from '../../src/monitor/config/service-settings.ts';
import type { Setting } from '../../src/monitor/config/setting.ts';
import {
  bucketName,
  duration,
  flag,
  keyPrefix,
  type SettingKind,
  wholeNumber,
} from '../../src/monitor/config/setting-kind.ts';
import { auditFaults } from '../props/audit-props.ts';
import type { RotationMonitorProps } from '../props/rotation-monitor-props.ts';
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

/** The reason for keys. */
const KEY = 'A key is a construct with a policy, and the monitor has to be allowed to use it.';

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
  meaning: 'Whether a report on all secrets is stored on a schedule, and its summary sent.',
};

/** A text that is checked as the property of the construct is, which names what is wrong with it. */
const auditText = (name: 'auditSchedule' | 'auditTimeZone', expected: string): SettingKind<string> => ({
  expected,
  parse: (text) => (auditFaults({ [name]: text }).length === 0 ? text : undefined),
});

/** The schedule of the audits. */
export const AUDIT_SCHEDULE: Setting<string> = {
  key: 'audit-schedule',
  kind: auditText('auditSchedule', 'cron(…) with full hours, or rate(…), once a day at most'),
  default: 'cron(0 6 ? * MON *)',
  example: 'cron(0 5 1 * ? *)',
  meaning: 'When audits run: `cron(…)` with full hours, or `rate(…)`, once a day at most.',
};

/** The time zone of that schedule. */
export const AUDIT_TIME_ZONE: Setting<string> = {
  key: 'audit-time-zone',
  kind: auditText('auditTimeZone', 'a time zone'),
  default: 'UTC',
  example: 'Europe/Berlin',
  meaning: 'The time zone of that schedule.',
};

/** A bucket for the reports that is there already. */
export const AUDIT_BUCKET: Setting<string> = {
  key: 'audit-bucket',
  kind: bucketName,
  optional: true,
  example: 'example-audits',
  meaning:
    'The bucket of the reports, where you have one. It has versions, refuses requests without TLS, and encrypts with a key that AWS manages. Left out, the deployment makes one.',
};

/** The beginning of the keys of the reports. */
export const AUDIT_KEY_PREFIX: Setting<string> = {
  key: 'audit-key-prefix',
  kind: keyPrefix,
  default: 'audits/',
  example: 'rotation/weekly/',
  meaning: 'The beginning of the keys of the reports, with a slash at its end.',
};

/** Whole days. */
const days: SettingKind<number> = {
  expected: 'whole days',
  parse: (text) => {
    const ms = duration.parse(text);
    return ms !== undefined && ms % DAY === 0 ? ms : undefined;
  },
};

/** Time during which nobody can delete a report. */
export const AUDIT_OBJECT_LOCK: Setting<number> = {
  key: 'audit-object-lock',
  kind: days,
  optional: true,
  example: '400d',
  meaning:
    'How long S3 lets nobody delete a report, in a bucket that the deployment makes. It cannot be undone: not by the root user, and not by removing the stack.',
};

/** Whether there is a topic for Amazon Q. */
export const AMAZON_Q: Setting<boolean> = {
  key: 'amazon-q',
  kind: flag,
  default: 'false',
  example: 'true',
  meaning: 'Whether a topic for Amazon Q Developer in chat applications is made.',
};

/** Properties of the construct that have no entry in the file, by why. */
export const CONSTRUCT_ALONE: Readonly<Partial<Record<keyof RotationMonitorProps, string>>> = {
  slackWebhookEncryptionKey: KEY,
  heartbeatUrlEncryptionKey: KEY,
  logRetention: 'CloudWatch takes some numbers of days alone, which the type of the CDK lists.',
  removalPolicy: 'What a deployment leaves behind is decided where its code is reviewed.',
  handlerFolder: 'It is for those who bundle the handlers themselves.',
};

/** Settings of the file that only the deployment reads; no function reads them. */
export const DEPLOYMENT_SETTINGS: readonly Setting<unknown>[] = [
  DASHBOARDS,
  AUDITS,
  AUDIT_SCHEDULE,
  AUDIT_TIME_ZONE,
  AUDIT_BUCKET,
  AUDIT_KEY_PREFIX,
  AUDIT_OBJECT_LOCK,
  AMAZON_Q,
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
