import type { Instant } from '../../../calendar/instant.ts';
import type { AuditLimits } from '../../domain/audit/audit-finding.ts';
import { mayBeTooOld } from '../../domain/audit/max-age-exceeded.ts';
import { mayBeUnused } from '../../domain/audit/unused.ts';
import { hasReplicas, isReplica, type Secret } from '../../domain/secret/secret.ts';
import { currentVersion } from '../../domain/secret/version-stage.ts';
import { CatalogError, type SecretCatalog } from '../../ports/look/secret-catalog.ts';

/** A secret of the list with the answers of the calls that its row needs. */
export interface LookedAt {
  readonly secret: Secret;
  /** Creation of the version in use; undefined where nothing depends on it. */
  readonly currentMadeAt: Instant | undefined;
  /** The reason why a call failed; undefined when none did. */
  readonly trouble: string | undefined;
}

/**
 * Asks what lists leave open: the date of a version in use that may be too old, and the last requests for the replicas
 * of a secret that may be unused. At most a call for each; none for a replica or a secret that is scheduled for deletion.
 */
export async function lookCloser(
  catalog: SecretCatalog,
  secret: Secret,
  { limits, now }: { readonly limits: AuditLimits; readonly now: Instant },
): Promise<LookedAt> {
  const known = { secret, currentMadeAt: undefined, trouble: undefined };
  if (isReplica(secret) || secret.deletedAt !== undefined) return known;
  try {
    const asksReplicas = hasReplicas(secret) && mayBeUnused(secret, limits.unusedAfterMs, now);
    const described = asksReplicas ? await catalog.describe(secret.arn) : undefined;
    const currentMadeAt = mayBeTooOld(secret, limits.maxAgeMs, now)
      ? await creationOfCurrent(catalog, secret)
      : undefined;
    return { ...known, secret: described ?? secret, currentMadeAt };
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    return { ...known, trouble: error.message };
  }
}

async function creationOfCurrent(catalog: SecretCatalog, secret: Secret): Promise<Instant | undefined> {
  const current = currentVersion(secret.versionStages);
  return (await catalog.versions(secret.arn)).find(({ versionId }) => versionId === current)?.createdAt;
}
