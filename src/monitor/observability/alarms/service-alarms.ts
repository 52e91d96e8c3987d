import { SECOND } from '../../../calendar/instant.ts';
import type { MetricName } from '../../domain/metric.ts';
import { AUDIT_GRACE_MS } from '../../domain/report/audit-record.ts';
import { own, type Statistic } from '../metric-reference.ts';
import type { Watched } from '../watched.ts';
import type { AlarmDefinition } from './alarm.ts';

/** One hour. */
const HOUR_SECONDS = 3600;
/** Processes report on their agents once a minute, as long as they read. */
const AGENT_PERIOD_SECONDS = 300;
/** One agent of many that restarts is no problem. */
const AGENTS_AVAILABLE_PERCENT = 90;

/**
 * Alarms on what the monitor says of itself, and on what applications say of their agents. A gauge that stays away
 * leaves its alarm as it was: that no sweep runs is reported by `sweep-missing` alone.
 */
export function serviceAlarms(watched: Watched): readonly AlarmDefinition[] {
  const interval = alarmPeriod(watched.sweepIntervalSeconds);
  const on = (name: MetricName, statistic?: Statistic) => ({
    measure: { kind: 'metric', metric: own(watched, name, statistic) } as const,
    periodSeconds: interval,
    badWhen: 'above' as const,
    threshold: 0,
    missingData: 'ignore' as const,
    tells: 'both-ends' as const,
  });
  return [
    {
      ...on('SweepHeartbeat'),
      key: 'sweep-missing',
      runbook: 'alarms#sweep-missing',
      meaning: 'No sweep has completed for three intervals or longer: the secrets are not monitored.',
      badWhen: 'below',
      threshold: 1,
      ...outOf(3, 3),
      missingData: 'breaching',
    },
    ...(watched.hasMembers
      ? [
          {
            ...on('TargetsNotSwept'),
            key: 'target-unreachable',
            runbook: 'target-unreachable',
            meaning: 'An account and region has had no recent sweep: nothing there is monitored.',
            ...outOf(3, 3),
          },
        ]
      : []),
    {
      ...on('SubscriptionsConfirmed', 'Minimum'),
      key: 'no-subscriber',
      runbook: 'alarms#no-subscriber',
      meaning: 'The alert topic has no confirmed subscription: nobody gets the alerts.',
      badWhen: 'below',
      threshold: 1,
      ...outOf(2, 3),
    },
    {
      ...on('UndeliveredNotifications'),
      key: 'undelivered',
      runbook: 'alarms#undelivered',
      meaning: 'Notifications are more than 15 minutes late.',
      ...outOf(2, 3),
    },
    {
      ...on('SecretsUnverifiable'),
      key: 'unverifiable',
      runbook: 'unverifiable',
      meaning: 'Secrets cannot be checked: their failures go unnoticed.',
      ...outOf(6, 6),
    },
    {
      ...on('EventsMissed'),
      key: 'events-missed',
      runbook: 'alarms#events-missed',
      meaning: 'Secrets rotated but no event arrived: alerts come later and without the step that failed.',
      periodSeconds: HOUR_SECONDS,
      ...outOf(1, 1),
      missingData: 'notBreaching',
    },
    ...auditAlarm(watched),
    ...(watched.hasLocalAgents ? [agentAlarm(watched)] : []),
  ];
}

/** About the scheduled audits, where there are any. Their age is published once a day, and often once it is too high. */
function auditAlarm(watched: Watched): readonly AlarmDefinition[] {
  if (watched.auditEverySeconds === undefined) return [];
  return [
    {
      key: 'audit-overdue',
      runbook: 'alarms#audit-overdue',
      meaning: 'No audit has completed for more than a day after it was due.',
      measure: { kind: 'metric', metric: own(watched, 'AuditAge') },
      periodSeconds: HOUR_SECONDS,
      badWhen: 'above',
      threshold: watched.auditEverySeconds + AUDIT_GRACE_MS / SECOND,
      ...outOf(1, 1),
      missingData: 'ignore',
      tells: 'both-ends',
    },
  ];
}

/** About what applications report themselves, as long as they read from an agent. */
const agentAlarm = (watched: Watched): AlarmDefinition => ({
  key: 'agent-unavailable',
  runbook: 'alarms#agent-unavailable',
  meaning: 'Local agents of applications do not answer: secrets are read from the API instead.',
  measure: { kind: 'metric', metric: own(watched, 'AgentAvailability') },
  periodSeconds: AGENT_PERIOD_SECONDS,
  badWhen: 'below',
  threshold: AGENTS_AVAILABLE_PERCENT,
  ...outOf(3, 3),
  missingData: 'notBreaching',
  // Processes that read no longer report no longer, so its end says nothing.
  tells: 'beginning',
});

/** M out of N. */
export const outOf = (
  datapointsToAlarm: number,
  evaluationPeriods: number,
): Pick<AlarmDefinition, 'datapointsToAlarm' | 'evaluationPeriods'> => ({
  datapointsToAlarm,
  evaluationPeriods,
});

/**
 * Alarms take whole minutes. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
const alarmPeriod = (seconds: number): number => Math.max(60, Math.ceil(seconds / 60) * 60);
