import type { Instant } from '../../../calendar/instant.ts';
import type { Replica } from './replica.ts';
import { isReplica, type Secret } from './secret.ts';

/** A replica that was not in sync when it was looked at. */
export interface ReplicaSight extends Pick<Replica, 'region' | 'message' | 'kmsKeyId'> {
  readonly status: 'InProgress' | 'Failed';
  /** The first look that saw this status: AWS gives no date. */
  readonly since: Instant;
}

/** AWS's texts have at most 4,096 characters; a message needs no more than their beginning. */
const LONGEST_MESSAGE = 256;

/**
 * The replicas that are not in sync; a status that stays keeps its first sight. Lists do not show replicas, so that a
 * secret from a list leaves what is known.
 */
export function replicaSights(
  known: readonly ReplicaSight[],
  secret: Secret,
  now: Instant,
): readonly ReplicaSight[] {
  const { replicas, deletedAt } = secret;
  if (deletedAt !== undefined || isReplica(secret)) return [];
  if (replicas === undefined) return known;
  return replicas.flatMap(({ region, status, message, kmsKeyId }) => {
    if (status === 'InSync') return [];
    const seen = known.find((each) => each.region === region && each.status === status);
    const text = message?.slice(0, LONGEST_MESSAGE);
    return [{ region, status, message: text, kmsKeyId, since: seen?.since ?? now }];
  });
}
