import { DAY, instant, SECOND } from '../../../calendar/instant.ts';
import type { SecretArn } from '../../domain/secret/secret.ts';
import type { Invalidation } from '../../ports/store/alert-store.ts';
import type { Item } from './state-item.ts';

/** Sort keys of invalidations: this and the version id. */
export const INVALIDATION_PREFIX = 'invalidation#';

/** An event cannot come this late: CloudTrail keeps and corrects 90 days. */
const KEPT_MS = 90 * DAY;

/** The item that remembers an invalidation. */
export const invalidationItem = (arn: SecretArn, { versionId, at }: Invalidation): Item => ({
  pk: { S: arn },
  sk: { S: `${INVALIDATION_PREFIX}${versionId}` },
  at: { N: String(at) },
  expiresAt: { N: String(Math.ceil((at + KEPT_MS) / SECOND)) },
});

/** The invalidation an item remembers; older items tell the time by their end alone. */
export const invalidationOf = (item: Item): Invalidation => ({
  versionId: (item['sk']?.S ?? '').slice(INVALIDATION_PREFIX.length),
  at: instant(Number(item['at']?.N ?? Number(item['expiresAt']?.N ?? 0) * SECOND - KEPT_MS)),
});
