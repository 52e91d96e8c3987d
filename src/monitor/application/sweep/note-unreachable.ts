import { SECOND } from '../../../calendar/instant.ts';
import { SHOWN_AFTER_MS } from '../../domain/alert/notification.ts';
import { reconcile } from '../../domain/alert/reconcile.ts';
import { targetUnreachable } from '../../domain/detect/target-unreachable.ts';
import type { ExplainedFinding } from '../../domain/finding/finding.ts';
import { freshState, type TargetRecord, targetSubject } from '../../domain/state/secret-state.ts';
import { tellsTheSame } from '../../domain/state/state-difference.ts';
import type { CatalogError } from '../../ports/look/secret-catalog.ts';
import { StoreError } from '../../ports/store/store-error.ts';
import type { Service } from '../service.ts';
import { updateTarget } from '../target/update-target.ts';

/** Parts of the service that report on a target. */
type Telling = Pick<Service, 'clock' | 'store' | 'queue' | 'settings'>;

/** Remembers that the secrets of the target could not be listed, and reports it once that has lasted. */
export async function noteUnreachable(
  service: Telling,
  record: TargetRecord,
  error: CatalogError,
): Promise<void> {
  const now = service.clock.now();
  const since = record.unreachableSince ?? now;
  if (record.unreachableSince === undefined) {
    await updateTarget(service.store, record, (current) => ({ ...current, unreachableSince: since }));
  }
  const finding = targetUnreachable({ ...record, since, reason: error.reason }, now);
  if (finding !== 'clear') await tell(service, [finding]);
}

/** Resolves the alert of {@link noteUnreachable}. */
export const reachableAgain = (service: Telling): Promise<void> => tell(service, []);

async function tell(service: Telling, findings: readonly ExplainedFinding[]): Promise<void> {
  const { store, queue, clock, settings } = service;
  const subject = targetSubject(settings.target);
  const name = `${settings.target.account} ${settings.target.region}`;
  const before = (await store.read(subject)) ?? freshState(subject, name, settings.target);
  const after = {
    ...before,
    ...reconcile(
      before,
      {
        subject: {
          ...settings.target,
          id: subject,
          name,
          rotationFunctionArn: undefined,
          owner: undefined,
          silence: undefined,
        },
        findings,
        endOf: () => 'The secrets can be listed again.',
      },
      { ...settings, now: clock.now(), baseline: false },
    ),
  };
  if (tellsTheSame(before, after)) return;
  if ((await store.write(after)) === 'conflict') {
    throw new StoreError(`Cannot write the state of "${subject}": somebody else wrote first`, {
      reason: 'server',
      retryable: true,
    });
  }
  if (after.outbox.length > 0)
    await queue.wake(Math.ceil(Math.max(SHOWN_AFTER_MS, settings.groupWaitMs) / SECOND));
}
