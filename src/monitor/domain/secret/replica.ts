import type { Instant } from '../../../calendar/instant.ts';

/** The copy of a secret in another region, as DescribeSecret of the primary reports it. */
export interface Replica {
  /** Such as `us-east-1`. */
  readonly region: string;
  readonly status: 'InSync' | 'InProgress' | 'Failed';
  /** AWS's remark about the status. */
  readonly message: string | undefined;
  /** The key the replica is encrypted with; undefined for the account's own. */
  readonly kmsKeyId: string | undefined;
  /** The day of the last request in that region, at midnight UTC. */
  readonly lastAccessedAt: Instant | undefined;
}
