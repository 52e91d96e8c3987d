import type { SecretArn } from '../../domain/secret/secret.ts';
import type { StatedCall } from '../../domain/state/repair-record.ts';

/** A repair that is about to begin. */
export interface RepairIntent {
  readonly secretArn: SecretArn;
  /** Id of the run. */
  readonly id: string;
  /** ARN of the operator. */
  readonly by: string;
  /** The planned changes, in one sentence each. */
  readonly intent: readonly string[];
}

/** The answer to an intent: the repair is recorded and holds the lock of its secret, or another repair holds it. */
export type RepairBeginning =
  | { readonly outcome: 'recorded' }
  /** `by` is empty where the record of the other repair is gone. */
  | { readonly outcome: 'busy'; readonly by: string };

/** Part of a repair: the result of a call, or the outcome, which gives the lock back. */
export interface RepairResult {
  readonly secretArn: SecretArn;
  readonly id: string;
  readonly by: string;
  readonly call?: Omit<StatedCall, 'at'>;
  readonly end?: string;
}

/** Records repairs where the monitor remembers alerts, and lets one repair of a secret run at a time. Failures are MonitorMemoryErrors. */
export interface RepairLog {
  begin(intent: RepairIntent): Promise<RepairBeginning>;
  note(result: RepairResult): Promise<void>;
}
