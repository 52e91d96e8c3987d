import { everySeriesOf, own } from '../metric-reference.ts';
import type { Watched } from '../watched.ts';
import { type Row, row } from './layout.ts';
import { countOf, dimensionValue, formula, line } from './metric-row.ts';
import { COLORS } from './palette.ts';
import { graph, together } from './widgets.ts';

/** Row about the alerts that were delivered, and those that were not. */
export const deliveryRow = (watched: Watched): Row =>
  row(5, alerts(watched), otherPaths(watched), backlog(watched));

const alerts = (watched: Watched) =>
  graph(watched, {
    title: 'Alerts an hour: delivered and refused',
    period: 3600,
    metrics: [
      ...countOf(own(watched, 'NotificationsDelivered'), {
        id: 'delivered',
        label: 'Delivered',
        color: COLORS.green,
      }),
      formula(everySeriesOf(watched, 'NotificationsFailed'), {
        id: 'refused',
        label: `Refused: ${dimensionValue('Reason')}`,
      }),
    ],
  });

const otherPaths = (watched: Watched) =>
  graph(watched, {
    title: 'Chat, applications and health an hour',
    period: 3600,
    metrics: [
      ...together(
        countOf(own(watched, 'ChatMessagesDelivered'), { id: 'chat', label: 'Chat', color: COLORS.blue }),
        countOf(own(watched, 'InvalidationsSent'), {
          id: 'invalidations',
          label: 'Invalidations',
          color: COLORS.teal,
        }),
        countOf(own(watched, 'HealthAlertsSent'), { id: 'health', label: 'Health', color: COLORS.purple }),
      ),
      formula(everySeriesOf(watched, 'ChatMessagesFailed'), {
        id: 'chatRefused',
        label: `Chat refused: ${dimensionValue('Reason')}`,
      }),
    ],
  });

const backlog = (watched: Watched) =>
  graph(watched, {
    title: 'Subscribers and late alerts',
    metrics: [
      line(own(watched, 'SubscriptionsConfirmed', 'Minimum'), { label: 'Subscribers', color: COLORS.green }),
      line(own(watched, 'UndeliveredNotifications'), { label: 'Late alerts', color: COLORS.orange }),
    ],
  });
