import { composeDashboards, type DashboardConnection } from '../../compose-dashboards.ts';
import { formatInstant, SECOND } from '../../domain/instant.ts';
import { DASHBOARDS, dashboardName } from '../../observability/dashboards/navigation.ts';
import type { Stage } from './stage.ts';

/** What a stage could not be made without. */
export interface Missing {
  readonly missing: 'region' | 'credentials';
  readonly reason: string;
}

/** The dashboards that are deployed in an account under names that begin with `namePrefix`. */
export async function accountStage(
  connection: DashboardConnection,
  namePrefix: string,
): Promise<Stage | Missing> {
  const composed = await composeDashboards(connection);
  if (composed.kind === 'no-region') return { missing: 'region', reason: composed.reason };
  if (composed.kind === 'no-credentials') return { missing: 'credentials', reason: composed.reason };
  const { source, region, clock } = composed;
  const now = () => clock.now();
  return {
    source,
    dashboards: DASHBOARDS.map((key) => dashboardName({ namePrefix }, key)),
    now,
    status: () => `${region}, ${formatInstant(now())}`,
    mails: undefined,
    refreshMs: 60 * SECOND,
  };
}
