import type { Instant } from '../../../calendar/instant.ts';
import type { Alert } from '../../domain/alert/alert.ts';
import type { PolicyDefaults } from '../../domain/secret/policy.ts';
import type { SecretArn, Target } from '../../domain/secret/secret.ts';
import type { SecretState, TargetRecord } from '../../domain/state/secret-state.ts';
import { PortError } from '../failure.ts';
import type { Attempt } from './attempt-store.ts';

/** A monitor's memory of one secret, and the policy it judges it by. */
export interface RememberedSecret {
  /** Undefined for a secret about which there was never anything to remember. */
  readonly state: SecretState | undefined;
  /** The rotations that events reported in the last 400 days. */
  readonly attempts: readonly Attempt[];
  /** Its account and region; undefined where these are not watched. */
  readonly target: TargetRecord | undefined;
  readonly policyDefaults: PolicyDefaults;
}

/** An open alert, as a monitor remembers it. */
export interface RememberedAlert
  extends Pick<Alert, 'fingerprint' | 'code' | 'severity' | 'since' | 'openedAt' | 'ack' | 'silencedUntil'> {
  /** Secret ARN, or the subject of a target. */
  readonly subject: string;
}

/** The memory of a monitor about one account and region. */
export interface RememberedTarget {
  /** Whether the monitor watches it. */
  readonly isWatched: boolean;
  /** End of the last complete sweep; undefined before the first. */
  readonly lastSweepAt: Instant | undefined;
  /** Time at which the last complete audit of the schedule was read; undefined before the first, or without any. */
  readonly lastAuditAt: Instant | undefined;
  /** The open alerts, gravest first; at most some thousands. */
  readonly alerts: readonly RememberedAlert[];
  /** Number of open alerts beyond these. */
  readonly more: number;
}

/** The memory of a deployed monitor, for people who may neither read its table nor use its key. Failures are {@link MonitorMemoryError}s. */
export interface MonitorMemory {
  secret(arn: SecretArn): Promise<RememberedSecret>;
  target(target: Target): Promise<RememberedTarget>;
}

/** The monitor did not answer, or its answer could not be read. */
export class MonitorMemoryError extends PortError {
  override readonly name = 'MonitorMemoryError';
}
