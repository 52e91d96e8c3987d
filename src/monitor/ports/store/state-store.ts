import type { Target } from '../../domain/secret/secret.ts';
import type { SecretState } from '../../domain/state/secret-state.ts';

/** Whether a conditional write was made, or somebody else had written first. */
export type WriteOutcome = 'written' | 'conflict';

/** Remembers what was seen of secrets and said about them. Failures are `StoreError`s. */
export interface StateStore {
  read(subject: string): Promise<SecretState | undefined>;
  /** Writes `state` with `state.revision + 1` if the stored revision is still `state.revision`. */
  write(state: SecretState): Promise<WriteOutcome>;
  /** The states of a target that every sweep has to look at: those with an open alert, or with a replica that is not in sync. May lag a write by a moment. */
  open(target: Target): Promise<readonly SecretState[]>;
  /** The states that have something to say, of all targets. May lag a write by a moment. */
  undelivered(): Promise<readonly SecretState[]>;
  /** Hands the same states over page by page, so that not all of them are held at once; waits for `take`. */
  forEachUndelivered(take: (states: readonly SecretState[]) => Promise<void>): Promise<void>;
}
