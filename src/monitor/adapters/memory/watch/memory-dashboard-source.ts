import type { AlarmStatus, DashboardSource, DrawnSeries } from '../../../ports/watch/dashboard-source.ts';

/** The initial contents of a dashboard source in memory. */
export interface MemoryDashboards {
  readonly bodies?: Readonly<Record<string, string>>;
  /** By the id of the line that asks for them. */
  readonly series?: Readonly<Record<string, readonly Omit<DrawnSeries, 'id'>[]>>;
  readonly alarms?: readonly AlarmStatus[];
  readonly widgets?: Readonly<Record<string, unknown>>;
}

/** Dashboards and series that are simply there. */
export const memoryDashboardSource = ({
  bodies = {},
  series = {},
  alarms = [],
  widgets = {},
}: MemoryDashboards): DashboardSource => ({
  body: async (name) => bodies[name],
  series: async ({ lines, from, to }) =>
    lines
      .filter(({ visible }) => visible)
      .flatMap(({ id }) => (series[id] ?? []).map((each) => ({ ...each, id })))
      .map((each) => ({ ...each, points: each.points.filter(({ at }) => at >= from && at < to) })),
  alarms: async (arns) => arns.flatMap((arn) => alarms.find((alarm) => alarm.arn === arn) ?? []),
  widget: async (functionArn) => widgets[functionArn],
});
