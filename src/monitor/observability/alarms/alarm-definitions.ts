import type { Watched } from '../watched.ts';
import type { AlarmDefinition, CompositeAlarmDefinition } from './alarm.ts';
import { canaryAlarms } from './canary-alarms.ts';
import { findingAlarms } from './finding-alarms.ts';
import { resourceAlarms } from './resource-alarms.ts';
import { serviceAlarms } from './service-alarms.ts';

/** Every alarm of a deployment. */
export interface AlarmDefinitions {
  /** About the monitor itself. */
  readonly service: readonly AlarmDefinition[];
  /** About the secrets; they notify nobody. */
  readonly findings: readonly AlarmDefinition[];
  readonly composite: readonly CompositeAlarmDefinition[];
}

/** The alarms of a deployment. */
export const alarmDefinitions = (watched: Watched): AlarmDefinitions => ({
  service: [...serviceAlarms(watched), ...canaryAlarms(watched), ...resourceAlarms(watched)],
  findings: findingAlarms(watched),
  composite: [
    {
      key: 'blind',
      runbook: 'alarms#blind',
      meaning: 'The rotation monitor does not work: it cannot check the secrets, or its alerts reach nobody.',
      anyOf: [
        'sweep-missing',
        ...(watched.hasMembers ? ['target-unreachable'] : []),
        'no-subscriber',
        'undelivered',
      ],
      tells: 'both-ends',
    },
  ],
});
