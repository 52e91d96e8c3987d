import type { MetricName } from '../../domain/metric.ts';
import { own } from '../metric-reference.ts';
import type { Watched } from '../watched.ts';
import type { AlarmDefinition } from './alarm.ts';
import { outOf } from './service-alarms.ts';

/** Alarms on what the monitor found. They notify nobody: the alerts do, and nobody is to be notified twice. */
export const findingAlarms = (watched: Watched): readonly AlarmDefinition[] => [
  onFinding(watched, 'CriticalAlertsOpen', {
    key: 'critical-alerts',
    runbook: 'alarms#critical-alerts',
    meaning: 'An alert of severity CRITICAL is open: the credential in use may be dead.',
  }),
  onFinding(watched, 'PendingStuck', {
    key: 'pending-stuck',
    runbook: 'stuck-pending',
    meaning: 'A rotation is stuck: a version that is not in use has been AWSPENDING for too long.',
  }),
  onFinding(watched, 'RotationOverdue', {
    key: 'rotation-overdue',
    runbook: 'rotation-overdue',
    meaning: 'A secret did not rotate by the end of its rotation window.',
  }),
];

const onFinding = (
  watched: Watched,
  name: MetricName,
  said: Pick<AlarmDefinition, 'key' | 'runbook' | 'meaning'>,
): AlarmDefinition => ({
  ...said,
  measure: { kind: 'metric', metric: own(watched, name) },
  periodSeconds: 300,
  badWhen: 'above',
  threshold: 0,
  ...outOf(1, 1),
  missingData: 'ignore',
  tells: 'nothing',
});
