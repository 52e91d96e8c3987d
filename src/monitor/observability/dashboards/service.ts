import { alarmDefinitions } from '../alarms/alarm-definitions.ts';
import { everySeriesOf, own } from '../metric-reference.ts';
import { runbookLink } from '../runbook.ts';
import type { Watched } from '../watched.ts';
import { applicationsRow } from './applications.ts';
import type { DashboardBody, MetricRow } from './body.ts';
import { canaryRow } from './canary.ts';
import { costRows } from './cost.ts';
import { deliveryRow } from './delivery.ts';
import { placed, row } from './layout.ts';
import { countOf, dimensionValue, formula, hidden, line } from './metric-row.ts';
import { dashboardLinks } from './navigation.ts';
import { COLORS } from './palette.ts';
import { resourceRows } from './resources.ts';
import { alarmStates, graph, numbers, text, together } from './widgets.ts';

/** Whether the monitor itself is well, and what it costs. */
export function serviceDashboard(watched: Watched): DashboardBody {
  const { service, composite } = alarmDefinitions(watched);
  const keys = [...composite, ...service].map(({ key }) => key);
  return {
    start: '-PT24H',
    periodOverride: 'inherit',
    widgets: placed([
      row(
        2,
        text(
          '# Secret rotation: service health and cost',
          `**Is the monitor well?** Yes, while no alarm is in ALARM. ${runbookLink(watched, 'alarms', 'What to do')} · ${dashboardLinks(watched, 'service')}`,
        ),
      ),
      row(Math.ceil(keys.length / 6) + 1, alarmStates(watched, 'Alarms', keys)),
      row(3, lastSweep(watched)),
      row(5, sweeps(watched), sweepDuration(watched), events(watched)),
      canaryRow(watched),
      deliveryRow(watched),
      applicationsRow(watched),
      row(5, agents(watched), agentRequests(watched), agentResponses(watched)),
      ...resourceRows(watched),
      ...costRows(watched),
    ]),
  };
}

const lastSweep = (watched: Watched) =>
  numbers(watched, {
    title: 'The last sweep',
    metrics: [
      line(own(watched, 'SecretsObserved'), { label: 'Secrets looked at' }),
      line(own(watched, 'SweepApiCalls'), { label: 'Calls made' }),
      line(own(watched, 'UndeliveredNotifications'), { label: 'Undelivered' }),
      line(own(watched, 'SubscriptionsConfirmed'), { label: 'Subscribers' }),
      ...(watched.hasMembers ? targets(watched) : []),
      ...(watched.auditEverySeconds === undefined ? [] : lastAudit(watched)),
    ],
  });

/** Its age is published once a day, so that the number is up to a day old. */
const lastAudit = (watched: Watched): readonly MetricRow[] => [
  hidden(own(watched, 'AuditAge'), 'audit'),
  formula('audit / 86400', { id: 'auditDays', label: 'Age of the last audit (days)' }),
];

const targets = (watched: Watched): readonly MetricRow[] => [
  line(own(watched, 'TargetsNotSwept'), { label: 'Accounts unseen' }),
  hidden(own(watched, 'OldestTargetSweepAge'), 'age'),
  formula('age / 60', { id: 'minutes', label: 'Oldest sweep (min)' }),
];

const sweeps = (watched: Watched) =>
  graph(watched, {
    title: 'Sweeps an hour, and what they skipped',
    period: 3600,
    metrics: together(
      countOf(own(watched, 'SweepHeartbeat'), { id: 'sweeps', label: 'Completed', color: COLORS.green }),
      countOf(own(watched, 'SweepsHandedOver'), { id: 'handed', label: 'Handed over', color: COLORS.blue }),
      countOf(own(watched, 'SweepsOverlapped'), {
        id: 'overlapped',
        label: 'Overlapped',
        color: COLORS.orange,
      }),
      countOf(own(watched, 'SecretsUnstorable'), {
        id: 'unstorable',
        label: 'Secrets not stored',
        color: COLORS.purple,
      }),
      countOf(own(watched, 'ItemsUnreadable'), {
        id: 'unreadable',
        label: 'Items not readable',
        color: COLORS.grey,
      }),
    ),
  });

const sweepDuration = (watched: Watched) =>
  graph(watched, {
    title: 'Duration of a sweep (seconds)',
    metrics: [
      hidden(own(watched, 'SweepDuration'), 'took'),
      formula('took / 1000', { id: 'seconds', label: 'Longest', color: COLORS.blue }),
    ],
  });

const events = (watched: Watched) =>
  graph(watched, {
    title: 'Rotation events an hour',
    period: 3600,
    metrics: together(
      countOf(own(watched, 'EventsReceived'), { id: 'received', label: 'Received', color: COLORS.green }),
      countOf(own(watched, 'EventsUnrecognised'), {
        id: 'unrecognised',
        label: 'Not recognised',
        color: COLORS.orange,
      }),
      countOf(own(watched, 'EventsMissed'), { id: 'missed', label: 'Missed', color: COLORS.purple }),
    ),
  });

const agents = (watched: Watched) =>
  graph(watched, {
    title: 'Local agents that answer (percent)',
    metrics: [
      line(own(watched, 'AgentAvailability'), { label: 'All', color: COLORS.green }),
      formula(everySeriesOf(watched, 'AgentAvailability'), { id: 'by', label: dimensionValue('Service') }),
    ],
  });

const agentRequests = (watched: Watched) =>
  graph(watched, {
    title: 'Local agents: requests and fallbacks',
    period: 3600,
    metrics: together(
      countOf(own(watched, 'AgentRequests'), { id: 'asked', label: 'Requests', color: COLORS.blue }),
      countOf(own(watched, 'AgentFallbacks'), { id: 'fallen', label: 'Fallbacks', color: COLORS.orange }),
    ),
  });

const agentResponses = (watched: Watched) =>
  graph(watched, {
    title: 'Local agents: response (ms), errors (percent)',
    metrics: [
      line(own(watched, 'AgentResponseTime'), { label: 'Response time', color: COLORS.blue }),
      line(own(watched, 'AgentErrorRate'), { label: 'Error rate', color: COLORS.orange }),
    ],
  });
