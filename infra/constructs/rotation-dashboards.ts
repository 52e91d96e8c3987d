import { Stack } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { dashboardBodies } from '../../src/monitor/observability/dashboards/dashboard-bodies.ts';
import { DASHBOARDS, dashboardName } from '../../src/monitor/observability/dashboards/navigation.ts';
import type { Watched } from '../../src/monitor/observability/watched.ts';

/** Properties of {@link RotationDashboards}. */
export interface RotationDashboardsProps {
  /** What the dashboards show, and how they are named. */
  readonly watched: Watched;
}

/** The dashboards of a deployment; those in `dashboards/` with the names of its own resources. */
export class RotationDashboards extends Construct {
  constructor(scope: Construct, id: string, { watched }: RotationDashboardsProps) {
    super(scope, id);
    const bodies = dashboardBodies(watched);
    for (const key of DASHBOARDS) {
      new CfnDashboard(this, key, {
        dashboardName: dashboardName(watched, key),
        dashboardBody: Stack.of(this).toJsonString(bodies[key]),
      });
    }
  }
}
