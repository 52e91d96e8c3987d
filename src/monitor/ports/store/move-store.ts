import type { MoveRecord } from '../../domain/rotation/move.ts';
import type { SecretArn } from '../../domain/secret/secret.ts';
import type { WriteOutcome } from './state-store.ts';

/** Remembers, for each secret, the last move of AWSCURRENT. Failures are {@link StoreError}s. */
export interface MoveStore {
  /** Shows every write that has ended. */
  readMove(arn: SecretArn): Promise<MoveRecord | undefined>;
  /** Writes `record` with `record.revision + 1` if the stored revision is still `record.revision`. */
  writeMove(record: MoveRecord): Promise<WriteOutcome>;
}
