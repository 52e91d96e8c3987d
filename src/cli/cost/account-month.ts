import { DAY, type Instant, later } from '../../calendar/instant.ts';
import { SECRETS_MANAGER_CALLS } from '../../monitor/observability/aws-metrics.ts';
import { dimensionValue } from '../../monitor/observability/dashboards/metric-row.ts';
import type { DashboardSource, LineRequest } from '../../monitor/ports/watch/dashboard-source.ts';

/** An account's use of Secrets Manager in a region, whoever called. */
export interface AccountMonth {
  readonly from: Instant;
  readonly to: Instant;
  /** The most called one first. */
  readonly operations: readonly OperationCalls[];
  /** Undefined where AWS has not counted them in the last days. */
  readonly secrets: number | undefined;
}

/** The calls of one operation in the month. */
interface OperationCalls {
  readonly operation: string;
  readonly calls: number;
}

const MONTH: number = 30 * DAY;
const DAY_SECONDS = 86_400;
/** AWS counts secrets every hour; so far back the last count is looked for. */
const COUNTED_WITHIN: number = 2 * DAY;

const CALLS: LineRequest = {
  id: 'calls',
  label: dimensionValue('Resource'),
  visible: true,
  period: DAY_SECONDS,
  formula: SECRETS_MANAGER_CALLS,
};

/** Counts secrets that are scheduled for deletion, too. https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-cloudwatch.html */
const SECRETS: LineRequest = {
  id: 'secrets',
  label: undefined,
  visible: true,
  period: 3_600,
  namespace: 'AWS/SecretsManager',
  name: 'ResourceCount',
  dimensions: { Class: 'None', Resource: 'SecretCount', Service: 'Secrets Manager', Type: 'Resource' },
  statistic: 'Maximum',
};

/** Reads what CloudWatch counted in the thirty days before `to`. */
export async function accountMonth(
  source: Pick<DashboardSource, 'series'>,
  to: Instant,
): Promise<AccountMonth> {
  const from = later(to, -MONTH);
  const calls = await source.series({ lines: [CALLS], from, to });
  const counted = await source.series({ lines: [SECRETS], from: later(to, -COUNTED_WITHIN), to });
  const operations = calls
    .map(({ label, points }) => ({
      operation: label,
      calls: points.reduce((sum, { value }) => sum + value, 0),
    }))
    .toSorted((a, b) => b.calls - a.calls || a.operation.localeCompare(b.operation));
  return { from, to, operations, secrets: counted[0]?.points.at(-1)?.value };
}
