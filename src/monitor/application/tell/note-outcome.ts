import type { HealthSight } from '../../domain/alert/health.ts';
import type { Notification } from '../../domain/alert/notification.ts';
import type { TargetRecord } from '../../domain/state/secret-state.ts';
import type { Service } from '../service.ts';
import { updateTarget } from '../target/update-target.ts';
import type { DeliveryRun } from './delivery-run.ts';
import { lateNotifications } from './late-notifications.ts';
import { noteHealth } from './note-health.ts';

/** What noting the outcome of a delivery run needs of the service. */
type Noting = Pick<Service, 'clock' | 'store' | 'metrics' | 'healthNotifier' | 'log' | 'settings'>;

/** A delivery run that has ended. */
export interface EndedRun {
  /** The record as it was read before the run. */
  readonly record: TargetRecord;
  readonly run: DeliveryRun;
  /** What the run did not deliver, for whatever reason. */
  readonly unsaid: readonly Notification[];
}

/** Remembers what the channel refused, and tells on the other path when alerts do not arrive, and when they do again. */
export async function noteOutcome(service: Noting, { record, run, unsaid }: EndedRun): Promise<void> {
  const { refusals } = run;
  if (JSON.stringify(refusals) !== JSON.stringify(record.refusals)) {
    await updateTarget(service.store, service.settings.target, (current) => ({ ...current, refusals }));
  }
  const late = await lateNotifications(service, unsaid, record);
  await noteHealth(service, { by: 'deliver', sights: sightsOf(run, late.length), record });
}

/** A failure that may pass is none of health's business until it has lasted. */
function sightsOf({ refused, failures, left }: DeliveryRun, late: number): readonly HealthSight[] {
  const reasons = [...new Set([...refused, ...failures])].sort().join(', ');
  const lasting = failures.length > 0 && late > 0;
  if (refused.length > 0 || lasting) {
    const seen = `${left} notification${left === 1 ? '' : 's'} could not be delivered on the alert topic: ${reasons}.`;
    return [{ code: 'undeliverable', holds: true, seen }];
  }
  return failures.length === 0 && late === 0 ? [{ code: 'undeliverable', holds: false }] : [];
}
