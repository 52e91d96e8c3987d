import type { Datapoint } from '../../domain/metric.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import { currentVersion } from '../../domain/secret/version-stage.ts';
import { EventSinkError } from '../../ports/tell/event-sink.ts';
import type { Service } from '../service.ts';

/** Detail-type of the event that tells applications to drop a cached secret. */
const INVALIDATION_DETAIL_TYPE = 'Secret Version Current';
/** Version of its detail. */
const SCHEMA_VERSION = 1;

/**
 * Tells applications, once per secret and version, which version is AWSCURRENT now. What the look saw is told, not what
 * the event said: an event that comes late cannot send applications back to an older version.
 */
export async function invalidateCaches(
  { applicationBus, store, clock, metrics }: Pick<Service, 'applicationBus' | 'store' | 'clock' | 'metrics'>,
  secret: Secret | undefined,
): Promise<readonly Datapoint[]> {
  const versionId = secret === undefined ? undefined : currentVersion(secret.versionStages);
  if (applicationBus === undefined || secret === undefined || versionId === undefined) return [];
  if (await store.wasInvalidated(secret.arn, versionId)) return [];
  const detail = {
    schemaVersion: SCHEMA_VERSION,
    secretArn: secret.arn,
    secretName: secret.name,
    versionId,
  };
  try {
    await applicationBus.publish({ detailType: INVALIDATION_DETAIL_TYPE, detail });
  } catch (error) {
    if (error instanceof EventSinkError) {
      await metrics.record([{ name: 'InvalidationsFailed', value: 1 }], clock.now());
    }
    throw error;
  }
  await store.recordInvalidation(secret.arn, versionId, clock.now());
  return [{ name: 'InvalidationsSent', value: 1 }];
}
