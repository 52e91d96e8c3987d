import type { Home } from '../../call/service.ts';
import type { Alarm, AlarmState } from './alarm.ts';
import { formatOffset } from './alarm-time.ts';

/** A change of state that somebody is notified of. */
export interface StateChange {
  readonly alarm: Alarm;
  readonly before: AlarmState;
}

/** Longest subject that SNS takes. */
const MAX_SUBJECT = 99;

/** AWS's names of regions in the messages of alarms; others go by their code. */
const REGION_NAMES: Readonly<Record<string, string>> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-west-2': 'US West (Oregon)',
  'eu-west-1': 'EU (Ireland)',
  'eu-central-1': 'EU (Frankfurt)',
};

/** The subject of the mail about a change. */
export function alarmSubject({ alarm }: StateChange, { region }: Home): string {
  const subject = `${alarm.state.value}: "${alarm.name}" in ${REGION_NAMES[region] ?? region}`;
  return subject.length <= MAX_SUBJECT ? subject : `${subject.slice(0, MAX_SUBJECT - 3)}...`;
}

/** The JSON that an alarm sends to SNS topics; the members are those of recorded notifications. */
export const alarmMessage = ({ alarm, before }: StateChange, { account, region }: Home): string =>
  JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: formatOffset(alarm.configuredAt),
    NewStateValue: alarm.state.value,
    NewStateReason: alarm.state.reason,
    StateChangeTime: formatOffset(alarm.state.since),
    Region: REGION_NAMES[region] ?? region,
    AlarmArn: alarm.arn,
    OldStateValue: before,
    OKActions: alarm.actions.byState.OK,
    AlarmActions: alarm.actions.byState.ALARM,
    InsufficientDataActions: alarm.actions.byState.INSUFFICIENT_DATA,
    ...(alarm.kind === 'composite' ? { AlarmRule: alarm.rule } : { Trigger: trigger(alarm.input) }),
  });

function trigger({ Dimensions, Metrics, Statistic, ...input }: Readonly<Record<string, unknown>>): object {
  if (Metrics !== undefined) return { ...input, Metrics };
  const dimensions = Array.isArray(Dimensions) ? Dimensions : [];
  return {
    ...input,
    StatisticType: 'Statistic',
    Statistic: String(Statistic).toUpperCase(),
    Unit: null,
    Dimensions: dimensions.map(({ Name, Value }) => ({ value: Value, name: Name })),
    EvaluateLowSampleCountPercentile: '',
  };
}
