import { type Duration, Token } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { DAY, type Instant, instant, SECOND } from '../../src/calendar/instant.ts';
import { parseRotationSchedule, type RotationSchedule } from '../../src/calendar/rotation-schedule.ts';
import { keyPrefix } from '../../src/monitor/config/setting-kind.ts';
import { DeploymentError } from './deployment-error.ts';

/** Properties of the scheduled audits. */
export interface AuditProps {
  /**
   * Whether a report on all secrets is stored on a schedule, and its summary sent to those who get the alerts.
   *
   * @default true
   */
  readonly audits?: boolean;
  /**
   * The schedule of the audits: `cron(…)` with full hours, or `rate(…)`, once a day at most.
   *
   * @default 'cron(0 6 ? * MON *)'
   */
  readonly auditSchedule?: string;
  /**
   * The time zone of that schedule, such as `Europe/Berlin`.
   *
   * @default 'UTC'
   */
  readonly auditTimeZone?: string;
  /**
   * The bucket of the reports. It has to have versions, and its policy has to refuse requests without TLS.
   *
   * @default - a bucket of its own: encrypted with the key of the monitor, with versions, and kept when the monitor goes
   */
  readonly auditBucket?: IBucket;
  /**
   * The beginning of the keys of the reports, with a slash at its end.
   *
   * @default 'audits/'
   */
  readonly auditKeyPrefix?: string;
  /**
   * Time, in whole days, during which S3 lets nobody delete or replace a version of a report: Object Lock in compliance
   * mode. That cannot be undone: not by the root user, and not by removing the stack. It is for a new bucket only.
   *
   * @default - reports are not locked
   */
  readonly auditObjectLock?: Duration;
}

/** The schedule of audits as it is deployed. */
export interface AuditPlan {
  readonly expression: string;
  readonly timeZone: string;
  readonly keyPrefix: string;
  /** The longest time between two audits, in seconds. */
  readonly everySeconds: number;
}

const WEEKLY = 'cron(0 6 ? * MON *)';

/** The plan of audits; undefined where they are switched off. The properties have been checked. */
export function auditPlan({ audits = true, ...props }: AuditProps): AuditPlan | undefined {
  if (!audits) return undefined;
  const { auditSchedule: expression = WEEKLY } = props;
  return {
    expression,
    timeZone: props.auditTimeZone ?? 'UTC',
    keyPrefix: props.auditKeyPrefix ?? 'audits/',
    everySeconds: longestGap(expression) / SECOND,
  };
}

/** Any moment does: a Thursday. */
const ANY: Instant = instant(0);
/** Every gap of a schedule comes within four years, its leap year included. */
const LOOKED_AT_MS: number = 4 * 366 * DAY;

/** Returns the longest time between two moments of a schedule; changes of summer time make an hour at most. */
function longestGap(expression: string): number {
  const schedule = parseRotationSchedule({ ...NO_RULES, scheduleExpression: expression });
  if ('fault' in schedule) throw new DeploymentError(schedule.fault);
  return Math.max(...gapsOf(schedule));
}

/** The times between the moments of a schedule: the days of a week or a month may have several. */
function gapsOf(schedule: RotationSchedule): readonly number[] {
  const gaps: number[] = [];
  let at = schedule.next(ANY).opensAt;
  while (at - ANY < LOOKED_AT_MS) {
    const next = schedule.next(at).opensAt;
    gaps.push(next - at);
    at = next;
  }
  return gaps;
}

const NO_RULES = { automaticallyAfterDays: undefined, duration: undefined };

/** Everything that is wrong with the properties of audits. */
export function auditFaults(props: AuditProps): readonly string[] {
  return [
    ...scheduleFaults(props),
    ...zoneFaults(props.auditTimeZone),
    ...prefixFaults(props.auditKeyPrefix),
    ...lockFaults(props),
  ];
}

function scheduleFaults({ auditSchedule: expression }: AuditProps): readonly string[] {
  if (expression === undefined) return [];
  const schedule = parseRotationSchedule({ ...NO_RULES, scheduleExpression: expression });
  if ('fault' in schedule) return [`auditSchedule: ${schedule.fault}`];
  const isDaily = gapsOf(schedule).every((gap) => gap >= DAY);
  return isDaily ? [] : ['auditSchedule: expected once a day at most; periods of audits are whole days'];
}

function zoneFaults(zone: string | undefined): readonly string[] {
  if (zone === undefined) return [];
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return [];
  } catch {
    return [`auditTimeZone: expected a time zone such as "Europe/Berlin", and got "${zone}"`];
  }
}

const prefixFaults = (prefix: string | undefined): readonly string[] =>
  prefix === undefined || Token.isUnresolved(prefix) || keyPrefix.parse(prefix) !== undefined
    ? []
    : [`auditKeyPrefix: expected ${keyPrefix.expected}, such as "audits/", and got "${prefix}"`];

function lockFaults({ auditBucket, auditObjectLock: lock }: AuditProps): readonly string[] {
  if (lock === undefined) return [];
  if (auditBucket !== undefined)
    return ['auditObjectLock: a bucket that is given has its own settings; leave one of the two out'];
  const days = lock.toDays({ integral: false });
  return Number.isInteger(days) && days >= 1 ? [] : ['auditObjectLock: expected whole days'];
}
