import { everySeriesOf, own } from '../metric-reference.ts';
import { runbookLink } from '../runbook.ts';
import type { Watched } from '../watched.ts';
import type { DashboardBody } from './body.ts';
import { placed, row, rowOf } from './layout.ts';
import { dimensionValue, formula, hidden, line } from './metric-row.ts';
import { dashboardLinks } from './navigation.ts';
import { COLORS } from './palette.ts';
import { graph, numbers, openAlerts, table, text } from './widgets.ts';

/** The unhealthy secrets: which they are, for how long, and where it is written what to do. */
export function secretsDashboard(watched: Watched): DashboardBody {
  const alerts = openAlerts(watched);
  return {
    start: '-P7D',
    periodOverride: 'inherit',
    widgets: placed([
      row(
        2,
        text(
          '# Secret rotation: unhealthy secrets',
          `A secret has a line here only while it is one of the worst. ${dashboardLinks(watched, 'secrets')}`,
        ),
      ),
      row(3, counts(watched)),
      alerts && row(8, alerts),
      rowOf(6, [16, ages(watched)], [8, worst(watched)]),
      rowOf(6, [12, inTrouble(watched)], [12, text(...runbooks(watched))]),
    ]),
  };
}

const counts = (watched: Watched) =>
  numbers(watched, {
    title: 'Secrets that need attention',
    metrics: [
      line(own(watched, 'CriticalAlertsOpen'), { label: 'Critical alerts' }),
      line(own(watched, 'PendingStuck'), { label: 'Stuck' }),
      line(own(watched, 'RotationOverdue'), { label: 'Overdue' }),
      line(own(watched, 'RotationDisabled'), { label: 'Switched off' }),
      line(own(watched, 'SecretsUnverifiable'), { label: 'Not verifiable' }),
      line(own(watched, 'RotationsInProgress'), { label: 'Under way' }),
    ],
  });

const ages = (watched: Watched) =>
  graph(watched, {
    title: 'Age of the worst pending versions (hours)',
    period: 900,
    metrics: [
      formula(`${everySeriesOf(watched, 'PendingAge')} / 3600`, {
        id: 'hours',
        label: dimensionValue('SecretName'),
      }),
    ],
  });

const worst = (watched: Watched) =>
  table(watched, {
    title: 'Worst pending versions (hours)',
    period: 900,
    columns: ['MAX'],
    metrics: [
      formula(`SORT(${everySeriesOf(watched, 'PendingAge')} / 3600, MAX, DESC)`, {
        id: 'sorted',
        label: dimensionValue('SecretName'),
      }),
    ],
  });

const inTrouble = (watched: Watched) =>
  graph(watched, {
    title: 'Share of secrets in trouble (%)',
    period: 900,
    metrics: [
      hidden(own(watched, 'SecretsObserved'), 'observed'),
      hidden(own(watched, 'PendingStuck'), 'stuck'),
      hidden(own(watched, 'RotationOverdue'), 'overdue'),
      formula('100 * stuck / observed', { id: 'stuckShare', label: 'Stuck', color: COLORS.purple }),
      formula('100 * overdue / observed', { id: 'overdueShare', label: 'Overdue', color: COLORS.orange }),
    ],
  });

/** Runbooks by what is seen, the gravest first. */
const RUNBOOKS: readonly (readonly [seen: string, runbooks: readonly string[]])[] = [
  ['The credential in use may be dead', ['rotation-failed', 'stuck-pending', 'pending-abandoned']],
  [
    'A version is pending',
    ['stuck-pending', 'rotation-cancelled', 'rotation-will-not-heal', 'rotation-retries-exhausted'],
  ],
  ['Nothing rotates', ['rotation-overdue', 'rotation-silently-disabled', 'no-current-version']],
  ['It cannot be checked', ['unverifiable', 'target-unreachable']],
];

const runbooks = (watched: Watched): readonly string[] => [
  '## What to do',
  '| Symptom | Runbooks |',
  '|---|---|',
  ...RUNBOOKS.map(
    ([seen, pages]) => `| ${seen} | ${pages.map((page) => runbookLink(watched, page)).join(', ')} |`,
  ),
];
