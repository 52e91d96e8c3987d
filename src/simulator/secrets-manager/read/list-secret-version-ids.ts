import type { Input } from '../../call/service.ts';
import { type Core, dateOf, findSecret, named, present } from '../store/core.ts';
import { readFlag, readNumber } from '../store/read-input.ts';
import type { Secret } from '../store/secret.ts';
import type { SecretVersion } from '../store/version-stages.ts';
import { pageToken, readPageToken } from './page-token.ts';

/** AWS's name for the key that every account has. */
const DEFAULT_KEY = 'DefaultEncryptionKey';
const MOST_RESULTS = 100;

/** ListSecretVersionIds. Deprecated versions come only when asked for, and without VersionStages. */
export function listSecretVersionIds(core: Core, input: Input): unknown {
  const secret = findSecret(core, input);
  const limit = readNumber(input, 'MaxResults', 1, MOST_RESULTS) ?? MOST_RESULTS;
  const [first = 0] = readPageToken(input, 1) ?? [];
  const withDeprecated = readFlag(input, 'IncludeDeprecated') ?? false;
  const versions = secret.state.versions.filter(({ stages }) => withDeprecated || stages.length > 0);
  const end = Number(first) + limit;
  return present({
    ...named(secret),
    Versions: versions.slice(Number(first), end).map((version) => entry(secret, version)),
    NextToken: end < versions.length ? pageToken([end]) : undefined,
  });
}

function entry({ state }: Secret, version: SecretVersion) {
  return present({
    VersionId: version.id,
    VersionStages: version.stages.length > 0 ? version.stages : undefined,
    CreatedDate: dateOf(version.createdAt),
    LastAccessedDate: dateOf(version.accessedOn),
    KmsKeyIds: version.value === undefined ? undefined : [state.kmsKeyId ?? DEFAULT_KEY],
  });
}
