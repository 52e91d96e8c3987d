import type { Instant } from '../../../calendar/instant.ts';

/** The right to do something alone for a while. */
export interface Lock {
  readonly name: string;
  readonly holder: string;
  readonly now: Instant;
  readonly until: Instant;
}

/** Lets one invocation at a time do what two would spoil. Failures are `StoreError`s. */
export interface Locks {
  /** Takes the lock `name` until `until` for `holder`; false while another holds it. */
  acquireLock(lock: Lock): Promise<boolean>;
  /** Gives the lock back if `holder` still has it. */
  releaseLock(lock: Lock): Promise<void>;
}
