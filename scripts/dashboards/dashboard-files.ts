import { dashboardBodies } from '../../src/monitor/observability/dashboards/dashboard-bodies.ts';
import { DASHBOARDS, dashboardName } from '../../src/monitor/observability/dashboards/navigation.ts';
import { SAMPLE_DEPLOYMENT } from '../../src/proving/embedded/sample-deployment.ts';

/** The dashboards as PutDashboard takes them, by path from the root. */
export const DASHBOARD_FILES: Readonly<Record<string, () => string>> = Object.fromEntries(
  DASHBOARDS.map((key) => [
    `dashboards/${dashboardName(SAMPLE_DEPLOYMENT, key)}.json`,
    () => `${JSON.stringify(dashboardBodies(SAMPLE_DEPLOYMENT)[key], null, 2)}\n`,
  ]),
);
