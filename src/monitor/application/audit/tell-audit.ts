import { renderAudit } from '../../domain/message/render-audit.ts';
import type { AuditRecord } from '../../domain/report/audit-record.ts';
import type { Service } from '../service.ts';

/** Parts of the service that send the summary of an audit. */
export interface TellingAudit
  extends Pick<Service, 'clock' | 'notifier' | 'metrics' | 'changes' | 'settings' | 'log'> {
  readonly audits: Pick<NonNullable<Service['audits']>, 'bucketName' | 'keyPrefix'>;
}

/**
 * Sends the summary of the last audit unless it was sent: one message about all secrets, and one to each owner of some.
 * Returns the record with the outcome; when a channel did not take a message, all are sent again by a later run.
 */
export async function tellAudit(service: TellingAudit, record: AuditRecord): Promise<AuditRecord> {
  const { clock, notifier, metrics, changes, settings, log, audits } = service;
  const { last } = record;
  if (last === undefined || last.isTold) return record;
  for (const result of last.results) {
    const message = renderAudit(last, result, { ...audits, home: settings.target });
    const delivery = await notifier.deliver(message);
    if (delivery.kind === 'failed') {
      const { reason: Reason } = delivery;
      log({ level: 'error', message: 'Cannot send the summary of an audit', details: { reason: Reason } });
      const failed = { name: 'NotificationsFailed', value: 1, dimensions: { Reason } } as const;
      await metrics.record([failed], clock.now());
      return record;
    }
    await metrics.record([{ name: 'NotificationsDelivered', value: 1 }], clock.now());
  }
  const told = { ...record, last: { ...last, isTold: true } };
  await changes.writeAudits(settings.target, told);
  return told;
}
