import type { Watched } from '../watched.ts';

/** The dashboards, by the ends of their names. */
export const DASHBOARDS = ['fleet', 'secrets', 'service'] as const;
/** One of the dashboards. */
export type DashboardKey = (typeof DASHBOARDS)[number];

/** The full name of a dashboard. */
export const dashboardName = ({ namePrefix }: Pick<Watched, 'namePrefix'>, key: DashboardKey): string =>
  `${namePrefix}${key}`;

/** Links to the other dashboards. */
export const dashboardLinks = (watched: Watched, here: DashboardKey): string =>
  DASHBOARDS.filter((key) => key !== here)
    .map((key) => `[${TITLES[key]}](#dashboards:name=${dashboardName(watched, key)})`)
    .join(' · ');

const TITLES: Readonly<Record<DashboardKey, string>> = {
  fleet: 'Fleet',
  secrets: 'Unhealthy secrets',
  service: 'Service health and cost',
};
