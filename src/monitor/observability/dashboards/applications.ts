import { everySeriesOf, own } from '../metric-reference.ts';
import type { Watched } from '../watched.ts';
import { type Row, row } from './layout.ts';
import { countOf, dimensionValue, formula, line } from './metric-row.ts';
import { COLORS } from './palette.ts';
import { graph, together } from './widgets.ts';

/** Row about the time in which applications take up a new version, and about failures that no other graph shows. */
export const applicationsRow = (watched: Watched): Row =>
  row(5, propagation(watched), confirmations(watched), failures(watched));

const propagation = (watched: Watched) =>
  graph(watched, {
    title: 'Until all use the new version (seconds)',
    period: 3600,
    metrics: [
      line(own(watched, 'PropagationTime'), { label: 'Longest', color: COLORS.orange }),
      line(own(watched, 'PropagationTime', 'Average'), { label: 'Average', color: COLORS.blue }),
    ],
  });

const confirmations = (watched: Watched) =>
  graph(watched, {
    title: 'Consumers that confirmed a version, an hour',
    period: 3600,
    metrics: together(
      countOf(own(watched, 'InvalidationsConfirmed'), {
        id: 'confirmed',
        label: 'Confirmed',
        color: COLORS.green,
      }),
      countOf(own(watched, 'InvalidationsFailed'), {
        id: 'unsent',
        label: 'Events not sent',
        color: COLORS.orange,
      }),
    ),
  });

const failures = (watched: Watched) =>
  graph(watched, {
    title: 'Other failures an hour',
    period: 3600,
    metrics: [
      ...together(
        countOf(own(watched, 'EventsUnwatched'), { id: 'unwatched', label: 'Events not watched' }),
        countOf(own(watched, 'ChatMessagesUnrecognised'), {
          id: 'chatUnknown',
          label: 'Chat not recognised',
        }),
      ),
      ...BY_REASON.map(([name, label], index) =>
        formula(everySeriesOf(watched, name), {
          id: `by${index}`,
          label: `${label}: ${dimensionValue('Reason')}`,
        }),
      ),
    ],
  });

/** Metrics that count failures by reason, and their labels. */
const BY_REASON = [
  ['DailyChecksFailed', 'Daily checks'],
  ['SelfChecksFailed', 'Self-checks'],
  ['DeadlineSchedulesFailed', 'Deadlines'],
  ['AccountListingsFailed', 'Account lists'],
  ['HealthAlertsFailed', 'Health alerts'],
  ['HeartbeatsFailed', 'Heartbeats'],
] as const;
