import type { Instant } from '../../../calendar/instant.ts';
import type { SecretArn } from '../../domain/secret/secret.ts';

/** The contribution of one rotation event to the record of its attempt; adding it twice changes nothing. */
export interface AttemptEntry {
  readonly secretArn: SecretArn;
  /** Undefined when the event did not name its version. */
  readonly versionId: string | undefined;
  readonly eventId: string;
  readonly kind: 'started' | 'failed' | 'succeeded' | 'abandoned';
  /** The step that failed. */
  readonly step: string | undefined;
  readonly at: Instant;
}

/** The record of one rotation, kept 400 days for audits. */
export interface Attempt {
  readonly versionId: string;
  readonly startedAt: Instant | undefined;
  readonly succeededAt: Instant | undefined;
  readonly abandonedAt: Instant | undefined;
  readonly failures: readonly { readonly at: Instant; readonly step: string | undefined }[];
}

/** Remembers every rotation that events reported. Failures are `StoreError`s. */
export interface AttemptStore {
  recordAttempt(entry: AttemptEntry): Promise<void>;
  attempts(arn: SecretArn): Promise<readonly Attempt[]>;
}
