import { later, MINUTE } from '../../../calendar/instant.ts';
import {
  type HealthCondition,
  type HealthSight,
  unsaid,
  withSaid,
  withSights,
} from '../../domain/alert/health.ts';
import { renderHealth } from '../../domain/message/render-health.ts';
import type { Datapoint } from '../../domain/metric.ts';
import type { TargetRecord } from '../../domain/state/secret-state.ts';
import type { Lock } from '../../ports/store/locks.ts';
import type { Notifier } from '../../ports/tell/notifier.ts';
import type { Service } from '../service.ts';
import { updateTarget } from '../target/update-target.ts';

/** Parts of the service that report the monitor's own health. */
type TellingHealth = Pick<Service, 'clock' | 'store' | 'metrics' | 'healthNotifier' | 'log' | 'settings'>;

/** One look at the alert path. */
export interface HealthLook {
  /** The observer: of two at once, one reports. A sweep also reports what was left unsent. */
  readonly by: 'sweep' | 'deliver' | 'heartbeat';
  readonly sights: readonly HealthSight[];
  /** The record as it was read before. */
  readonly record: TargetRecord;
}

/** Longest time that one run may report alone; the lock of a run that dies ends after this. */
const LOCK_MS: number = MINUTE;

/**
 * Brings what is known to be wrong with the alert path in line with what was seen, and reports each beginning and each
 * end once, on the health topic. A report is stored before it is sent. A refused message is tried again by every sweep.
 */
export async function noteHealth(service: TellingHealth, look: HealthLook): Promise<void> {
  const { healthNotifier, store, settings, clock } = service;
  if (healthNotifier === undefined) return;
  const now = clock.now();
  const change = ({ health }: TargetRecord) => withSights(health, look.sights, now);
  const changes = change(look.record) !== look.record.health;
  if (changes) {
    await updateTarget(store, settings.target, (record) => {
      const health = change(record);
      return health === record.health ? undefined : { ...record, health };
    });
  }
  const leftUnsaid = look.by === 'sweep' && unsaid(look.record.health, now).length > 0;
  if (changes || leftUnsaid) await tellAlone(service, healthNotifier, look.by);
}

async function tellAlone(service: TellingHealth, notifier: Notifier, holder: string): Promise<void> {
  const now = service.clock.now();
  const lock: Lock = { name: 'health', holder, now, until: later(now, LOCK_MS) };
  if (!(await service.store.acquireLock(lock))) return;
  try {
    const record = await service.store.readTarget(service.settings.target);
    for (const condition of unsaid(record?.health ?? [], now)) await tell(service, notifier, condition);
  } finally {
    await service.store.releaseLock(lock);
  }
}

async function tell(service: TellingHealth, notifier: Notifier, condition: HealthCondition): Promise<void> {
  const { settings, clock, store, metrics, log } = service;
  const now = clock.now();
  const delivery = await notifier.deliver(renderHealth(condition, settings, now));
  if (delivery.kind === 'delivered') {
    await updateTarget(store, settings.target, (record) => ({
      ...record,
      health: withSaid(record.health, condition, now),
    }));
    await metrics.record([{ name: 'HealthAlertsSent', value: 1 }], now);
    return;
  }
  const { reason } = delivery;
  log({
    level: 'error',
    message: 'Cannot notify the health topic',
    details: { code: condition.code, reason },
  });
  const failed: Datapoint = { name: 'HealthAlertsFailed', value: 1, dimensions: { Reason: reason } };
  await metrics.record([failed], now);
}
