import { formatInstant, SECOND } from '../../calendar/instant.ts';
import { systemClock } from '../../monitor/adapters/system/system-clock.ts';
import type { Connected } from '../../monitor/compose/operator/compose-connection.ts';
import { connectedDashboards } from '../../monitor/compose/operator/compose-dashboards.ts';
import {
  DASHBOARDS,
  dashboardName,
  dashboardPrefixOf,
} from '../../monitor/observability/dashboards/navigation.ts';
import type { Stage } from './stage.ts';

/** Name of the stack that `npm run deploy` makes. */
const STACK_NAME = 'rotation-monitor';

/**
 * The dashboards of an account whose names begin with `prefix`; without one those that the stack deploys. One is read
 * at once, so that an account that cannot be read is an error and not a page; fails as the dashboard source does.
 */
export async function accountStage(
  { sdk, region }: Pick<Connected, 'sdk' | 'region'>,
  prefix: string | undefined,
): Promise<Stage> {
  const source = connectedDashboards(sdk);
  const now = () => systemClock.now();
  const dashboardPrefix = prefix ?? dashboardPrefixOf(STACK_NAME, region);
  const dashboards = DASHBOARDS.map((key) => dashboardName({ dashboardPrefix }, key));
  const [first = ''] = dashboards;
  await source.body(first);
  return {
    source,
    dashboards,
    now,
    status: () => `${region}, ${formatInstant(now())}`,
    mails: undefined,
    refreshMs: 60 * SECOND,
  };
}
