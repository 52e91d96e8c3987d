import type { PolicyDefaults } from '../../domain/secret/policy.ts';
import type { SecretState, TargetRecord } from '../../domain/state/secret-state.ts';
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
