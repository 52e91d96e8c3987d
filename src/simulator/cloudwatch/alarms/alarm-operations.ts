import * as z from 'zod';
import { readInput } from '../../call/input.ts';
import type { Operation } from '../../call/service.ts';
import { refuseParameter } from '../metrics/limits.ts';
import { ALARM_STATES, type Alarm, type CompositeAlarm, type MetricAlarm } from './alarm.ts';
import type { Alarms } from './alarms.ts';
import { readCompositeAlarm, readMetricAlarm } from './read-alarm.ts';

const describing = z.object({
  AlarmNames: z.array(z.string()).max(100).optional(),
  AlarmNamePrefix: z.string().default(''),
  /** Composite alarms are answered only to those who ask for them. */
  AlarmTypes: z.array(z.enum(['MetricAlarm', 'CompositeAlarm'])).default(['MetricAlarm']),
  StateValue: z.enum(ALARM_STATES).optional(),
  MaxRecords: z.number().int().min(1).max(100).default(50),
  NextToken: z.string().optional(),
});
const naming = z.object({ AlarmNames: z.array(z.string()).max(100) });
const setting = z.object({
  AlarmName: z.string(),
  StateValue: z.enum(ALARM_STATES),
  StateReason: z.string().max(1023),
});

/** The operations on alarms. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
export function alarmOperations(alarms: Alarms): Record<string, Operation> {
  return {
    PutMetricAlarm: (input, call) => alarms.put(readMetricAlarm(input, call), call.now),
    PutCompositeAlarm: (input, call) => alarms.put(readCompositeAlarm(input, call), call.now),
    DescribeAlarms: (input) => describe(alarms, readInput(describing, input, refuseParameter)),
    DeleteAlarms: (input) => {
      for (const name of readInput(naming, input, refuseParameter).AlarmNames) alarms.remove(name);
    },
    SetAlarmState: (input, { now }) => {
      const { AlarmName, StateValue, StateReason } = readInput(setting, input, refuseParameter);
      alarms.set(AlarmName, StateValue, StateReason, now);
    },
  };
}

function describe(alarms: Alarms, request: z.infer<typeof describing>): object {
  const { AlarmNames, AlarmNamePrefix, AlarmTypes, StateValue, MaxRecords, NextToken = '0' } = request;
  const found = alarms
    .all()
    .filter(({ name }) => name.startsWith(AlarmNamePrefix) && (AlarmNames?.includes(name) ?? true))
    .filter(({ kind }) => AlarmTypes.includes(kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm'))
    .filter(({ state }) => (StateValue ?? state.value) === state.value);
  const end = Number(NextToken) + MaxRecords;
  const page = found.slice(Number(NextToken), end);
  return {
    MetricAlarms: page.flatMap((alarm) => (alarm.kind === 'metric' ? [metricAlarm(alarm)] : [])),
    CompositeAlarms: page.flatMap((alarm) => (alarm.kind === 'composite' ? [compositeAlarm(alarm)] : [])),
    ...(end < found.length && { NextToken: String(end) }),
  };
}

const metricAlarm = (alarm: MetricAlarm): object => ({ ...described(alarm), ...alarm.input });

const compositeAlarm = (alarm: CompositeAlarm): object => ({ ...described(alarm), AlarmRule: alarm.rule });

const described = ({ name, arn, description, actions, configuredAt, state }: Alarm): object => ({
  AlarmName: name,
  AlarmArn: arn,
  ...(description !== undefined && { AlarmDescription: description }),
  AlarmConfigurationUpdatedTimestamp: new Date(configuredAt),
  ActionsEnabled: actions.enabled,
  OKActions: actions.byState.OK,
  AlarmActions: actions.byState.ALARM,
  InsufficientDataActions: actions.byState.INSUFFICIENT_DATA,
  StateValue: state.value,
  StateReason: state.reason,
  StateUpdatedTimestamp: new Date(state.since),
  StateTransitionedTimestamp: new Date(state.since),
});
