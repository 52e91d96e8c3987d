import { SECOND } from '../../../calendar/instant.ts';
import type { TargetRecord } from '../../domain/state/secret-state.ts';
import type { Service } from '../service.ts';
import { updateTarget } from '../target/update-target.ts';
import { MAX_DISABLED } from './hand-over.ts';
import { reachableAgain } from './note-unreachable.ts';
import type { Settled } from './settle-sweep.ts';
import type { Sweep } from './sweep.ts';

/** Parts of the service that end a sweep. */
type Completing = Pick<Service, 'store' | 'clock' | 'queue' | 'settings'>;

/** The record of the target when the sweep began. */
interface KnownTarget {
  readonly record: TargetRecord;
  /** Whether an alert about the target itself is open, so that its end has to be reported. */
  readonly isTargetTold: boolean;
}

/** Ends a sweep that saw everything: the baseline is complete and can be sent, what is off is remembered. */
export async function completeSweep(
  service: Completing,
  sweep: Sweep,
  { record }: Pick<KnownTarget, 'record'>,
): Promise<void> {
  const { store, clock, queue, settings } = service;
  const disabled = sweep.disabled.length > MAX_DISABLED ? undefined : [...sweep.disabled].sort();
  if (record.baselineAt === undefined || disabled?.join() !== record.disabled?.join()) {
    await updateTarget(store, settings.target, (current) => ({
      ...current,
      disabled,
      baselineAt: current.baselineAt ?? clock.now(),
    }));
  }
  if (record.baselineAt === undefined) await queue.wake(Math.ceil(settings.groupWaitMs / SECOND));
}

/** Notes that all secrets of the target were listed, whatever became of their checks. */
export async function noteListed(service: Completing, { record, isTargetTold }: KnownTarget): Promise<void> {
  const { store, settings } = service;
  if (record.unreachableSince !== undefined || isTargetTold) await reachableAgain(service);
  if (record.unreachableSince !== undefined) {
    await updateTarget(store, settings.target, (current) => ({ ...current, unreachableSince: undefined }));
  }
}

/** Remembers what was asked; comes after the count: a crash between the two asks and counts twice rather than never. */
export async function rememberAsked(
  { store, settings }: Completing,
  { hasAsked, eventsCheckedUntil, dailyCheckedUntil }: Settled,
): Promise<void> {
  if (hasAsked.events) {
    await updateTarget(store, settings.target, (current) =>
      (current.eventsCheckedUntil ?? 0) >= eventsCheckedUntil
        ? undefined
        : { ...current, eventsCheckedUntil },
    );
  }
  if (hasAsked.daily) {
    await updateTarget(store, settings.target, (current) =>
      (current.dailyCheckedUntil ?? 0) >= dailyCheckedUntil ? undefined : { ...current, dailyCheckedUntil },
    );
  }
}
