import type { Instant } from '../../../calendar/instant.ts';

/** How far the copy of a secret in another region is, as DescribeSecret of the primary tells it. */
export interface Replica {
  /** Such as `us-east-1`. */
  readonly region: string;
  readonly status: 'InSync' | 'InProgress' | 'Failed';
  /** What AWS says about the status. */
  readonly message: string | undefined;
  /** The key the replica is encrypted with; undefined for the account's own. */
  readonly kmsKeyId: string | undefined;
  /** The day of the last request in that region, at midnight UTC. */
  readonly lastAccessedAt: Instant | undefined;
}
