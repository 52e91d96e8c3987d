import { Duration, Token } from 'aws-cdk-lib';
import { DAY, MINUTE } from '../../src/calendar/instant.ts';
import { RESOURCE_SETTINGS } from '../../src/monitor/config/resource-settings.ts';
import type { Setting } from '../../src/monitor/config/setting.ts';
import { auditFaults } from './audit-props.ts';
import { memberFaults } from './member-faults.ts';
import type { RotationMonitorProps } from './rotation-monitor-props.ts';
import { AUDIT_SETTING_PROPS, SETTING_PROPS, textOf } from './setting-props.ts';

/** Throws with everything that is wrong with the properties, as the functions would find when they read their settings. */
export function checkProps(props: RotationMonitorProps): void {
  const faults = [
    ...settingFaults(props),
    ...auditFaults(props),
    ...memberFaults(props).map(({ property, expected }) => `${property}: ${expected}`),
  ];
  if (faults.length === 0) return;
  throw new Error(`Cannot make the monitor:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
}

function settingFaults(props: RotationMonitorProps): readonly string[] {
  const chosen: Readonly<Record<string, unknown>> = { ...props };
  const { slackWebhookParameter, heartbeatUrlParameter } = RESOURCE_SETTINGS;
  const settings = [
    ...SETTING_PROPS,
    ...AUDIT_SETTING_PROPS,
    { name: 'slackWebhookParameterName', setting: slackWebhookParameter },
    { name: 'heartbeatUrlParameterName', setting: heartbeatUrlParameter },
  ];
  return [
    ...settings.flatMap(({ name, setting }) => faultOf(name, setting, chosen[name])),
    ...intervalFault(props.sweepInterval),
  ];
}

function faultOf(name: string, { kind, example }: Setting<unknown>, value: unknown): readonly string[] {
  if (value === undefined || isUnresolved(value)) return [];
  const text = textOf(value);
  if (kind.parse(text) !== undefined) return [];
  const got = kind.secret ? 'something else, which is not repeated here' : `"${text}"`;
  return [`${name}: expected ${kind.explain?.(text) ?? kind.expected}, such as "${example}", and got ${got}`];
}

/** Scheduler counts in minutes, and alarms look back no further than a week. */
function intervalFault(interval: Duration | undefined): readonly string[] {
  if (interval === undefined || interval.isUnresolved()) return [];
  const ms = interval.toMilliseconds();
  const isWhole = ms % MINUTE === 0 && ms > 0 && ms <= DAY;
  return isWhole ? [] : ['sweepInterval: expected whole minutes, a day at most'];
}

/** Whether a value is known only at deployment, and so cannot be judged here. */
const isUnresolved = (value: unknown): boolean =>
  value instanceof Duration ? value.isUnresolved() : Token.isUnresolved(value);
