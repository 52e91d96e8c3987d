import type { Watched } from '../watched.ts';

/** The dashboards, by the ends of their names. */
export const DASHBOARDS = ['fleet', 'secrets', 'service'] as const;
/** One of the dashboards. */
export type DashboardKey = (typeof DASHBOARDS)[number];

/** The full name of a dashboard. */
export const dashboardName = (
  { dashboardPrefix }: Pick<Watched, 'dashboardPrefix'>,
  key: DashboardKey,
): string => `${dashboardPrefix}${key}`;

/**
 * Returns the beginning of a stack's dashboard names: another region must not overwrite them.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
 */
export const dashboardPrefixOf = (stackName: string, region: string): string => `${stackName}-${region}-`;

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
