import type { Instant } from '../../../calendar/instant.ts';
import type { SecretArn } from '../../domain/secret/secret.ts';
import { PortError } from '../failure.ts';

/** A look at one secret that is due at a moment to come. */
export interface DueCheck {
  readonly secretArn: SecretArn;
  readonly at: Instant;
}

/** Has secrets checked later; fails with a {@link DeadlineSchedulerError}. */
export interface DeadlineScheduler {
  /**
   * Has the secret checked once, at `at` (the next whole second where it is none) or up to a minute later. Asking again
   * for the same changes nothing.
   */
  schedule(check: DueCheck): Promise<void>;
}

/** The check could not be scheduled; a sweep makes it later. */
export class DeadlineSchedulerError extends PortError {
  override readonly name = 'DeadlineSchedulerError';
}
