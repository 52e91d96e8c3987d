import type { Core } from '../store/core.ts';
import type { Change } from '../store/secret-store.ts';
import { PENDING, PREVIOUS } from '../store/version-stages.ts';
import { deletionEvent, labelUpdatedEvent } from './bus-events.ts';

/** Emits the events of labels that are on another version now. */
export function tellLabels(core: Core, { secret, before, after }: Change): void {
  for (const { id, stages } of after.versions) {
    const had = before?.versions.find((version) => version.id === id)?.stages ?? [];
    for (const label of stages) {
      if (had.includes(label) || label === PENDING || label === PREVIOUS) continue;
      core.outbox.push(labelUpdatedEvent(core, secret, label, id));
    }
  }
}

/** Emits the events of deprecated versions that are gone because there were too many. */
export function tellPurges(core: Core, { secret, before, after }: Change): void {
  for (const { id, stages } of before?.versions ?? []) {
    if (stages.length > 0 || after.versions.some((version) => version.id === id)) continue;
    core.outbox.push(deletionEvent(core, 'SecretVersionDeletion', secret, core.random.uuid()));
  }
}
