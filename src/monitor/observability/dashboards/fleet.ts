import { ROTATION_STEPS } from '../../domain/rotation/rotation-event.ts';
import { own, ownBy } from '../metric-reference.ts';
import type { Watched } from '../watched.ts';
import type { DashboardBody, MetricOptions, MetricRow } from './body.ts';
import { placed, row, rowOf } from './layout.ts';
import { countOf, formula, hidden, line } from './metric-row.ts';
import { dashboardLinks } from './navigation.ts';
import { COLORS } from './palette.ts';
import { alarmStates, bars, gauge, graph, numbers, openAlerts, table, text, together } from './widgets.ts';

/** Values of the dimension `Step` of RotationFailed. */
const FAILED_STEPS: readonly string[] = [...ROTATION_STEPS, 'unknown'];
/** Six hours: rotations are rare. */
const COUNT_PERIOD = 21_600;

/** The first screen answers "must I act?"; below it stand trends. */
export function fleetDashboard(watched: Watched): DashboardBody {
  const alerts = openAlerts(watched);
  return {
    start: '-P7D',
    periodOverride: 'inherit',
    widgets: placed([
      row(
        2,
        text(
          '# Secret rotation: fleet',
          `**Must I act?** Not while the numbers below are 0. ${dashboardLinks(watched, 'fleet')}`,
        ),
      ),
      rowOf(3, [16, mustIAct(watched)], [8, states(watched)]),
      alerts && row(6, alerts),
      row(5, openGraph(watched), ageGraph(watched), troubleGraph(watched)),
      row(5, rotationsGraph(watched), failuresByStep(watched), durationGraph(watched)),
      rowOf(4, [6, verifiedGauge(watched)], [6, inventory(watched)], [12, outcomes(watched)]),
    ]),
  };
}

const mustIAct = (watched: Watched) =>
  numbers(watched, {
    title: 'Must I act?',
    metrics: [
      line(own(watched, 'AlertsOpen'), { label: 'Open alerts' }),
      line(own(watched, 'CriticalAlertsOpen'), { label: 'Critical alerts' }),
      line(own(watched, 'PendingStuck'), { label: 'Stuck' }),
      line(own(watched, 'RotationOverdue'), { label: 'Overdue' }),
      line(own(watched, 'SecretsUnverifiable'), { label: 'Not verifiable' }),
      ...(watched.hasMembers ? [line(own(watched, 'TargetsNotSwept'), { label: 'Accounts unseen' })] : []),
    ],
  });

const states = (watched: Watched) =>
  alarmStates(watched, 'Alarms', ['blind', 'critical-alerts', 'pending-stuck', 'rotation-overdue']);

const openGraph = (watched: Watched) =>
  graph(watched, {
    title: 'Open alerts',
    period: 900,
    metrics: [
      line(own(watched, 'AlertsOpen'), { label: 'All', color: COLORS.blue }),
      line(own(watched, 'CriticalAlertsOpen'), { label: 'Critical', color: COLORS.orange }),
    ],
  });

const ageGraph = (watched: Watched) =>
  graph(watched, {
    title: 'Oldest pending version (hours)',
    period: 900,
    metrics: [
      hidden(own(watched, 'OldestPendingAge'), 'age'),
      formula('age / 3600', { id: 'hours', label: 'Oldest', color: COLORS.purple }),
    ],
  });

const troubleGraph = (watched: Watched) =>
  graph(watched, {
    title: 'Overdue, stuck and under way',
    period: 900,
    metrics: [
      line(own(watched, 'RotationOverdue'), { label: 'Overdue', color: COLORS.orange }),
      line(own(watched, 'PendingStuck'), { label: 'Stuck', color: COLORS.purple }),
      line(own(watched, 'RotationsInProgress'), { label: 'Under way', color: COLORS.green }),
    ],
  });

const rotationsGraph = (watched: Watched) =>
  graph(watched, {
    title: 'Rotations in six hours',
    period: COUNT_PERIOD,
    metrics: together(
      countOf(own(watched, 'RotationSucceeded'), {
        id: 'succeeded',
        label: 'Succeeded',
        color: COLORS.green,
      }),
      failedAttempts(watched, { id: 'failed', label: 'Failed attempts', color: COLORS.orange }),
    ),
  });

/** Failed attempts at every step, 0 while there are none. */
const failedAttempts = (
  watched: Watched,
  options: MetricOptions & { readonly id: string },
): readonly MetricRow[] => [
  ...FAILED_STEPS.map((Step, index) =>
    hidden(ownBy(watched, 'RotationFailed', { Step }), `${options.id}Step${index}`),
  ),
  formula(`FILL(SUM(METRICS("${options.id}Step")), 0)`, options),
];

const failuresByStep = (watched: Watched) =>
  bars(watched, {
    title: 'Failed attempts by step',
    metrics: FAILED_STEPS.map((Step) =>
      line(ownBy(watched, 'RotationFailed', { Step }), { label: Step, color: COLORS.orange }),
    ),
  });

const durationGraph = (watched: Watched) =>
  graph(watched, {
    title: 'Duration of rotations (seconds)',
    period: COUNT_PERIOD,
    metrics: [
      line(own(watched, 'RotationDuration'), { label: 'Average', color: COLORS.blue }),
      line(own(watched, 'RotationDuration', 'Maximum'), { label: 'Longest', color: COLORS.grey }),
    ],
  });

const verifiedGauge = (watched: Watched) =>
  gauge(watched, {
    title: 'Secrets that can be looked at (%)',
    metrics: [
      hidden(own(watched, 'SecretsObserved'), 'observed'),
      hidden(own(watched, 'SecretsUnverifiable'), 'unverifiable'),
      formula('100 * (observed - unverifiable) / observed', { id: 'share', label: 'Looked at' }),
    ],
  });

const inventory = (watched: Watched) =>
  numbers(watched, {
    title: 'Secrets',
    sparkline: true,
    metrics: [
      line(own(watched, 'SecretsObserved'), { label: 'Watched', color: COLORS.blue }),
      line(own(watched, 'RotationDisabled'), { label: 'Switched off', color: COLORS.grey }),
      line(own(watched, 'ReplicasUnwatched'), {
        label: 'Replicas, primary not watched',
        color: COLORS.orange,
      }),
    ],
  });

const outcomes = (watched: Watched) =>
  table(watched, {
    title: 'Rotations in the time shown',
    period: COUNT_PERIOD,
    columns: ['SUM'],
    metrics: together(
      countOf(own(watched, 'RotationSucceeded'), { id: 'succeeded', label: 'Succeeded' }),
      failedAttempts(watched, { id: 'failed', label: 'Failed attempts' }),
      countOf(own(watched, 'RotationFlakes'), { id: 'flakes', label: 'Healed by a retry' }),
      countOf(own(watched, 'RotationAbandoned'), { id: 'abandoned', label: 'Given up' }),
    ),
  });
