import { costOf } from '../../src/cli/cost/prices.ts';
import { CHECK_TIERS, METRIC_TIERS, tieredCost } from './tiers.ts';

/** Another way of watching as many secrets, and what a month of it costs, derived from what it is known to do. */
export interface Peer {
  readonly name: string;
  /** Formula of the cost, N being the number of secrets. */
  readonly formula: string;
  /** Place that shows the formula to be right. */
  readonly source: string;
  readonly usd: (secrets: number) => number;
}

const DAYS = 30;
const HOURS: number = 24 * DAYS;
/** Sweeps every five minutes, as ours. */
const SWEEPS: number = 12 * HOURS;
/** Each secret rotates once in the month, and that changes its configuration once at least. */
const CHANGES = 1;
/** Bytes that one invocation of the publisher logs, as counted once in fifty invocations. */
const PUBLISHER_LOG_BYTES = 1_116;

/** The peers. What their own functions take in time is left out, which favours them. */
export const PEERS: readonly Peer[] = [
  {
    name: 'cdk-monitoring-constructs, its metrics publisher',
    formula:
      '2 N metrics + N alarms + hourly N × (DescribeSecret + PutMetricData + invocation + 1,116 bytes of log)',
    source:
      'https://github.com/cdklabs/cdk-monitoring-constructs/blob/main/lib/monitoring/aws-secretsmanager/SecretsManagerMetricsPublisher.ts',
    usd: (secrets) =>
      tieredCost(METRIC_TIERS, 2 * secrets) +
      costOf('alarmMetric', secrets) +
      costOf('secretsManagerCalls', HOURS * secrets) +
      costOf('metricRequests', HOURS * secrets) +
      costOf('lambdaRequests', HOURS * secrets) +
      costOf('logIngestion', HOURS * secrets * PUBLISHER_LOG_BYTES),
  },
  {
    name: 'AWS Config, its four rules about rotation and use',
    formula: 'daily 2 N periodic evaluations + N × (configuration item + 2 evaluations) a month of rotations',
    source: 'https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html',
    usd: (secrets) =>
      tieredCost(CHECK_TIERS, secrets * (2 * DAYS + 2 * CHANGES)) +
      costOf('configurationItem', secrets * CHANGES),
  },
  {
    name: 'Security Hub CSPM, SecretsManager.1 to .5',
    formula: 'daily 2 N periodic checks + N × (configuration item + 3 checks) a month of rotations',
    source: 'https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html',
    usd: (secrets) =>
      tieredCost(CHECK_TIERS, secrets * (2 * DAYS + 3 * CHANGES)) +
      costOf('configurationItem', secrets * CHANGES),
  },
  {
    name: 'a poller that only lists every five minutes',
    formula:
      'every 5 minutes ⌈N/100⌉ ListSecrets, which show the stages five minutes late; nothing else counted',
    source: 'https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html',
    usd: (secrets) => costOf('secretsManagerCalls', SWEEPS * Math.ceil(secrets / 100)),
  },
  {
    name: 'a poller that describes every secret every five minutes',
    formula: 'every 5 minutes ⌈N/100⌉ ListSecrets + N DescribeSecret; nothing else counted',
    source: 'https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html',
    usd: (secrets) => costOf('secretsManagerCalls', SWEEPS * (Math.ceil(secrets / 100) + secrets)),
  },
];
