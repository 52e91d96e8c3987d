import type { Watched } from '../watched.ts';
import type { DashboardBody } from './body.ts';
import { fleetDashboard } from './fleet.ts';
import type { DashboardKey } from './navigation.ts';
import { secretsDashboard } from './secrets.ts';
import { serviceDashboard } from './service.ts';

/** The dashboards of a deployment, as PutDashboard takes them once they are JSON text. */
export const dashboardBodies = (watched: Watched): Readonly<Record<DashboardKey, DashboardBody>> => ({
  fleet: fleetDashboard(watched),
  secrets: secretsDashboard(watched),
  service: serviceDashboard(watched),
});
