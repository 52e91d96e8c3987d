import type { ConsumerLease } from '../../domain/secret/consumer-lease.ts';
import type { SecretArn } from '../../domain/secret/secret.ts';
import { PortError } from '../failure.ts';

/** The reports of consumers about the versions they use. Failures are {@link LeaseError}s. */
export interface LeaseStore {
  /** The leases of a secret's consumers, also some that have just run out; of very many, the first thousand. */
  leases(arn: SecretArn): Promise<readonly ConsumerLease[]>;
}

/** The leases could not be read. */
export class LeaseError extends PortError {
  override readonly name = 'LeaseError';
}
