import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../../calendar/instant.ts';
import type { Datapoint } from '../../domain/metric.ts';
import { AUDIT_GRACE_MS, type AuditRecord, NO_AUDITS } from '../../domain/report/audit-record.ts';
import { AuditStarterError } from '../../ports/report/audit-starter.ts';
import type { Service } from '../service.ts';

/** Parts of the service that watch over the scheduled audits. */
export type WatchingAudit = Pick<Service, 'changes' | 'auditStarter' | 'clock' | 'log' | 'settings'>;

/** Longest time from the beginning of an audit until its first invocation has ended, one way or the other. */
const LONGEST_RUN_MS: number = 20 * MINUTE;
/** One that was given up is tried again after this. */
const TRIED_AGAIN_MS: number = 12 * HOUR;

/**
 * Has an audit run that was missed, was left half done or was not reported. Answers the age of the last complete audit:
 * once a day, as CloudWatch is paid by the hour in which a metric is published, and at every sweep while it is too old.
 * `since` is the time that counts before the first audit; nothing is known without it.
 */
export async function watchAudit(
  service: WatchingAudit,
  since: Instant | undefined,
): Promise<readonly Datapoint[]> {
  const { changes, auditStarter, clock, settings } = service;
  const { auditEveryMs, sweepIntervalMs, target } = settings;
  if (auditEveryMs === undefined || auditStarter === undefined) return [];
  const record = (await changes.readAudits(target)) ?? NO_AUDITS;
  const now = clock.now();
  const from = record.last?.readAt ?? since;
  const ageMs = from === undefined ? 0 : now - from;
  const isOverdue = ageMs > auditEveryMs + AUDIT_GRACE_MS;
  if (isLeft(record, now) || isToBegin(record, isOverdue, now)) await start(service, auditStarter);
  const isFirstOfDay = now % DAY < sweepIntervalMs;
  return from !== undefined && (isOverdue || isFirstOfDay)
    ? [{ name: 'AuditAge', value: ageMs / SECOND }]
    : [];
}

const isLeft = ({ last, underWay }: AuditRecord, now: Instant): boolean =>
  (underWay !== undefined && now - underWay.readAt > LONGEST_RUN_MS) ||
  (last?.isTold === false && now - last.completedAt > LONGEST_RUN_MS);

/** One that was given up is tried again although the next is not due yet. */
const isToBegin = ({ gaveUpAt }: AuditRecord, isOverdue: boolean, now: Instant): boolean =>
  gaveUpAt === undefined ? isOverdue : now - gaveUpAt > TRIED_AGAIN_MS;

/** The next sweep tries again what failed. */
async function start(
  { log }: WatchingAudit,
  starter: NonNullable<WatchingAudit['auditStarter']>,
): Promise<void> {
  try {
    await starter.start();
    log({ level: 'info', message: 'Had the audit run' });
  } catch (error) {
    if (!(error instanceof AuditStarterError)) throw error;
    log({ level: 'error', message: error.message, details: { reason: error.reason } });
  }
}
