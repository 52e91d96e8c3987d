import { DATA_KEY_REUSE } from '../../infra/constructs/encrypted-queue.ts';
import { costOf, type PriceName } from '../../src/cli/cost/prices.ts';
import { DASHBOARDS } from '../../src/monitor/observability/dashboards/navigation.ts';
import { standingCounts } from './deployed.ts';
import { idlePolls } from './idle-polling.ts';
import { requestsOfQueue, requestsOfTable, requestsOfTopics } from './kms-requests.ts';
import { ASSUMED, gbSeconds, type TimeAssumptions } from './lambda-time.ts';
import { type Line, line } from './line.ts';
import { callsOf, type DayUsage, used } from './usage.ts';

/** A month of a deployment. */
export interface Bill {
  readonly lines: readonly Line[];
  /** Without the dashboards. */
  readonly total: number;
  readonly dashboards: number;
  /**
   * Cost of the monitor's own calls where a second trail delivers management events, as an organization's beside an
   * account's.
   */
  readonly secondTrail: number;
}

const DAYS = 30;
const HOURS = 24;
/** Attempts are kept for so many days. */
const ATTEMPTS_KEPT_DAYS = 400;
/** GetMetricData asks for so many metrics of a rotation function at once. */
const METRICS_A_QUESTION = 4;
/** CloudWatch Logs bills so much for a line beside its text. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const LINE_OVERHEAD_BYTES = 26;
/**
 * Size of Lambda's own log lines about an invocation: START, END and REPORT.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
 */
const LAMBDA_LINES: { readonly lines: number; readonly bytes: number } = { lines: 3, bytes: 330 };

/** Returns the price of a month of days like this one: the day times thirty, and the fixed prices. */
export function bill(usage: DayUsage, assumed: TimeAssumptions = ASSUMED): Bill {
  const lines = [...fixedLines(), ...usageLines(usage, assumed), ...auditLines(usage, assumed)];
  return {
    lines,
    total: lines.reduce((sum, { usd }) => sum + usd, 0),
    dashboards: costOf('dashboard', DASHBOARDS.length),
    secondTrail: costOf('trailEvents', DAYS * callsOf(usage, RECORDED) + keyRequests(usage)),
  };
}

/**
 * Calls that CloudTrail records as management events. Items of tables, messages of queues and topics, metrics, events
 * and invocations are data events, which a trail delivers only if it is configured to; uses of keys come on top.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
const RECORDED =
  /^(secretsmanager|sts|organizations|cloudtrail|scheduler|ssm|lambda|iam):(?!Invoke$)|^(sns|sqs):(Get|List|Set)/;

function fixedLines(): readonly Line[] {
  const { metrics, composite, fedQueues } = standingCounts({ hasMembers: false });
  return [
    line('KMS key', 'kmsKey', 1),
    line('secret of the canary', 'secret', 1),
    line('alarms', 'alarmMetric', metrics),
    line('composite alarm', 'compositeAlarm', composite),
    line('polling of idle queues', 'sqsRequests', idlePolls(fedQueues)),
  ];
}

/** The lines that grow with what is done. */
export function usageLines(usage: DayUsage, assumed: TimeAssumptions): readonly Line[] {
  const { functions, dynamoDb, stored, metricHours } = usage;
  const uses = Object.values(functions);
  const invocations = used(usage, ({ invocations }) => invocations);
  const scheduled = ['sweep', 'check-secret', 'canary-tick'].map((name) => functions[name]?.invocations ?? 0);
  const bytes = stored.once + stored.daily * ATTEMPTS_KEPT_DAYS;
  const logged = logBytes(usage, invocations);
  const publishes = callsOf(usage, /^sns:Publish$/);
  const month = (what: string, price: PriceName, daily: number): Line => line(what, price, DAYS * daily);
  return [
    month('calls to Secrets Manager', 'secretsManagerCalls', callsOf(usage, /^secretsmanager:/)),
    line('metrics', 'customMetric', metricHours / HOURS),
    month(
      'metrics read of rotation functions',
      'metricsRead',
      METRICS_A_QUESTION * callsOf(usage, /^monitoring:GetMetricData$/),
    ),
    month(
      'functions: time',
      'lambdaGbSeconds',
      uses.reduce((sum, use) => sum + gbSeconds(use, assumed), 0),
    ),
    month('functions: requests', 'lambdaRequests', invocations),
    month('queues: messages and their counts', 'sqsRequests', queueRequests(usage)),
    month('table: writes', 'dynamoDbWrites', dynamoDb.writes),
    month('table: reads', 'dynamoDbReads', dynamoDb.reads),
    line('table: storage', 'dynamoDbStorage', bytes),
    line('table: point-in-time recovery', 'dynamoDbRecovery', bytes),
    line('requests to KMS', 'kmsRequests', keyRequests(usage)),
    month('logs: ingestion', 'logIngestion', logged),
    line('logs: storage', 'logStorage', DAYS * logged),
    month('alerts published', 'snsPublishes', publishes),
    month('e-mails', 'snsEmails', usage.emails),
    month(
      'scheduled invocations',
      'schedulerInvocations',
      scheduled.reduce((sum, count) => sum + count, 0),
    ),
    month('events sent', 'customEvents', usage.eventsForwarded + callsOf(usage, /^events:PutEvents$/)),
  ];
}

/** Audits a month: one a week. */
const AUDITS = DAYS / 7;
/** Reports are priced after a year: those of 90 days as they were stored, older ones in the archive. */
const WEEKS = { stored: 90 / 7, archived: (365 - 90) / 7 };
/** Reports of an audit that the archive takes. */
const FILES = 3;

/** The lines of scheduled audits; their metric and alarm are counted with the others. */
function auditLines({ audit }: DayUsage, assumed: TimeAssumptions): readonly Line[] {
  if (audit === undefined) return [];
  const { function: use, dynamoDb, reportBytes } = audit;
  const calls = (pattern: RegExp): number => callsOf({ functions: { use } }, pattern);
  return [
    line('audits: calls to Secrets Manager', 'secretsManagerCalls', AUDITS * calls(/^secretsmanager:/)),
    line('audits: time', 'lambdaGbSeconds', AUDITS * gbSeconds(use, assumed)),
    line('audits: table reads', 'dynamoDbReads', AUDITS * dynamoDb.reads),
    line('audits: table writes', 'dynamoDbWrites', AUDITS * dynamoDb.writes),
    line('audits: files stored', 's3Puts', AUDITS * calls(/^s3:PutObject$/)),
    line('audits: reports', 's3Storage', WEEKS.stored * reportBytes),
    line('audits: archived reports', 's3ArchiveStorage', WEEKS.archived * reportBytes),
    line('audits: moves into the archive', 's3ArchiveMoves', AUDITS * FILES),
    line('audits: summaries', 'snsPublishes', AUDITS * calls(/^sns:Publish$/)),
  ];
}

/**
 * Counts the requests to queues: the messages of EventBridge, the calls of the functions, and for each batch that
 * Lambda takes one request to receive and one to delete.
 */
function queueRequests(usage: DayUsage): number {
  const fed = ['on-rotation-event', 'on-label-updated', 'deliver', 'sweep-target'];
  const batches = fed.map((name) => usage.functions[name]?.invocations ?? 0);
  return usage.eventsQueued + callsOf(usage, /^sqs:/) + 2 * batches.reduce((sum, count) => sum + count, 0);
}

function logBytes({ log }: DayUsage, invocations: number): number {
  const lines = log.lines + invocations * LAMBDA_LINES.lines;
  return log.bytes + invocations * LAMBDA_LINES.bytes + lines * LINE_OVERHEAD_BYTES;
}

/** Every function that sends at all is taken as one that sends to the delivery queue and to the queue of sweeps in every period. */
function keyRequests(usage: DayUsage): number {
  const uses = Object.values(usage.functions);
  const count = (use: (typeof uses)[number], pattern: RegExp): number =>
    callsOf({ functions: { use } }, pattern);
  const senders = uses.filter((use) => count(use, /^sqs:SendMessage/) > 0).length;
  const queue = (producers: number): number =>
    requestsOfQueue({ reuseSeconds: DATA_KEY_REUSE.toSeconds(), producers, consumers: 1 });
  return (
    2 * queue(1) +
    2 * queue(senders) +
    uses.reduce((sum, use) => sum + requestsOfTable(DAYS * count(use, /^dynamodb:/)), 0) +
    requestsOfTopics(DAYS * callsOf(usage, /^sns:Publish$/))
  );
}
