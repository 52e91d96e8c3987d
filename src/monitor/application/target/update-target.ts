import type { Target } from '../../domain/secret/secret.ts';
import { freshTarget, type TargetRecord } from '../../domain/state/secret-state.ts';
import { StoreError } from '../../ports/store/store-error.ts';
import type { TargetStore } from '../../ports/store/target-store.ts';

/** Attempts of one update, which starts again when another run wrote first. */
const MAX_ATTEMPTS = 6;

/** Changes what is remembered of a target; `change` answers undefined when nothing need be written. */
export async function updateTarget(
  store: TargetStore,
  target: Target,
  change: (record: TargetRecord) => TargetRecord | undefined,
): Promise<void> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const changed = change((await store.readTarget(target)) ?? freshTarget(target));
    if (changed === undefined || (await store.writeTarget(changed)) === 'written') return;
  }
  throw new StoreError(
    `Cannot write the record of ${target.account} ${target.region}: ${MAX_ATTEMPTS} writers came first`,
    { reason: 'server', retryable: true },
  );
}
