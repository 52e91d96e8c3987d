import type { Instant } from '../../../calendar/instant.ts';
import { startOf } from '../../domain/detect/pending-sight.ts';
import type { Look } from '../../domain/look/look.ts';
import type { Evidence } from '../../domain/rotation/evidence.ts';
import { mayUsePrevious, type VersionDates } from '../../domain/rotation/previous-version.ts';
import type { Secret, SecretArn } from '../../domain/secret/secret.ts';
import { pendingApart } from '../../domain/secret/version-stage.ts';
import type { SecretState } from '../../domain/state/secret-state.ts';
import { CatalogError, type SecretCatalog } from '../../ports/look/secret-catalog.ts';

/** The facts known before the look. */
export interface LookRequest {
  readonly arn: SecretArn;
  readonly state: SecretState;
  readonly evidence: readonly Evidence[];
  /** The secret as ListSecrets showed it, if it did. */
  readonly listed: Secret | undefined;
  /** Whether it is asked, too, when the versions were requested. */
  readonly isDaily?: boolean | undefined;
  /** Whether the age of its value has to be known. */
  readonly wantsDate?: ((secret: Secret) => boolean) | undefined;
}

/** Looks at one secret: DescribeSecret, and ListSecretVersionIds where an age is needed that no other source has. */
export async function lookAtSecret(catalog: SecretCatalog, request: LookRequest): Promise<Look> {
  try {
    const secret = await catalog.describe(request.arn);
    if (secret === undefined) return { kind: 'gone', listed: request.listed !== undefined };
    const asksRequests = request.isDaily === true && mayUsePrevious(secret);
    const wantsAge = needsAge(secret, request) || request.wantsDate?.(secret) === true;
    if (!asksRequests && !wantsAge) return { kind: 'confirmed', secret, createdAt: {} };
    const requests = await requestsOf(catalog, secret.arn);
    const createdAt = creationDates(requests);
    return { kind: 'confirmed', secret, createdAt, requests: asksRequests ? requests : undefined };
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    return {
      kind: 'failed',
      secret: request.listed,
      reason: error.reason,
      conclusive: !error.retryable,
      ofTarget: error.ofTarget,
    };
  }
}

function needsAge(secret: Secret, { state, evidence }: LookRequest): boolean {
  const versionId = pendingApart(secret.versionStages);
  if (versionId === undefined) return false;
  const seen = state.pending?.versionId === versionId ? state.pending : undefined;
  if (seen?.createdAt !== undefined) return false;
  const facts = [...state.evidence, ...evidence];
  return startOf(versionId, facts, { known: undefined, firstSeenAt: seen?.firstSeenAt }) === undefined;
}

/** The dates of a secret's versions. */
export const requestsOf = async (
  catalog: SecretCatalog,
  arn: SecretArn,
): Promise<Readonly<Record<string, VersionDates>>> =>
  Object.fromEntries((await catalog.versions(arn)).map((version) => [version.versionId, version]));

const creationDates = (versions: Readonly<Record<string, VersionDates>>): Readonly<Record<string, Instant>> =>
  Object.fromEntries(
    Object.entries(versions).flatMap(([versionId, { createdAt }]) =>
      createdAt === undefined ? [] : [[versionId, createdAt]],
    ),
  );
