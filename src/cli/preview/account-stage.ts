import { formatInstant, SECOND } from '../../calendar/instant.ts';
import {
  composeDashboards,
  type DashboardConnection,
} from '../../monitor/compose/operator/compose-dashboards.ts';
import {
  DASHBOARDS,
  dashboardName,
  dashboardPrefixOf,
} from '../../monitor/observability/dashboards/navigation.ts';
import type { Stage } from './stage.ts';

/** The missing part without which a stage cannot be made. */
export interface Missing {
  readonly missing: 'region' | 'credentials';
  readonly reason: string;
}

/** Name of the stack that `npm run deploy` makes. */
const STACK_NAME = 'rotation-monitor';

/** The dashboards of an account whose names begin with `prefix`; without one those that the stack deploys. */
export async function accountStage(
  connection: DashboardConnection,
  prefix: string | undefined,
): Promise<Stage | Missing> {
  const composed = await composeDashboards(connection);
  if (composed.kind === 'no-region') return { missing: 'region', reason: composed.reason };
  if (composed.kind === 'no-credentials') return { missing: 'credentials', reason: composed.reason };
  const { source, region, clock } = composed;
  const now = () => clock.now();
  const dashboardPrefix = prefix ?? dashboardPrefixOf(STACK_NAME, region);
  return {
    source,
    dashboards: DASHBOARDS.map((key) => dashboardName({ dashboardPrefix }, key)),
    now,
    status: () => `${region}, ${formatInstant(now())}`,
    mails: undefined,
    refreshMs: 60 * SECOND,
  };
}
