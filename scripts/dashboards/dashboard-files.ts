import { dashboardBodies } from '../../src/monitor/observability/dashboards/dashboard-bodies.ts';
import { DASHBOARDS } from '../../src/monitor/observability/dashboards/navigation.ts';
import { sampleDeployment } from '../../src/proving/player/sample-deployment.ts';

/** The dashboards as PutDashboard takes them, by path from the root. */
export const DASHBOARD_FILES: Readonly<Record<string, () => string>> = Object.fromEntries(
  DASHBOARDS.map((key) => [
    `dashboards/rotation-monitor-${key}.json`,
    () => `${JSON.stringify(dashboardBodies(sampleDeployment())[key], null, 2)}\n`,
  ]),
);
