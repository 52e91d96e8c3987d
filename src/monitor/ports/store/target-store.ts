import type { Target } from '../../domain/secret/secret.ts';
import type { TargetRecord } from '../../domain/state/secret-state.ts';
import type { SweepRecord } from '../../domain/sweep/sweep-result.ts';
import type { WriteOutcome } from './state-store.ts';

/** Remembers how each account and region stands. Failures are `StoreError`s. */
export interface TargetStore {
  readTarget(target: Target): Promise<TargetRecord | undefined>;
  /** Writes the record with its revision + 1 if the stored revision is still its own. */
  writeTarget(record: TargetRecord): Promise<WriteOutcome>;
  /** Reads the record of a target's sweeps. */
  readSweep(target: Target): Promise<SweepRecord | undefined>;
  /** Replaces the record; whoever sweeps does so alone. */
  writeSweep(record: SweepRecord): Promise<void>;
}
