import type { Instant } from '../../../calendar/instant.ts';
import type { Secret, SecretArn } from '../../domain/secret/secret.ts';
import type { SecretCatalog, VersionDate } from '../../ports/look/secret-catalog.ts';

/** A secret in memory, with the dates of its versions. */
export interface StoredSecret {
  readonly secret: Secret;
  readonly createdAt: Readonly<Record<string, Instant>>;
  /** Days of the last requests; of versions that are not here, none. */
  readonly lastAccessedAt?: Readonly<Record<string, Instant>>;
}

/** Most secrets a page holds, as in AWS. */
const PAGE_SIZE = 100;

/** A catalog of secrets in memory; `put` and `remove` change it. */
export interface MemorySecretCatalog extends SecretCatalog {
  put(stored: StoredSecret): void;
  remove(arn: SecretArn): void;
}

/** Keeps secrets in memory, in the order they came. */
export function memorySecretCatalog(initial: readonly StoredSecret[] = []): MemorySecretCatalog {
  const secrets = new Map<SecretArn, StoredSecret>(initial.map((stored) => [stored.secret.arn, stored]));
  const find = (id: string): StoredSecret | undefined =>
    [...secrets.values()].find(({ secret }) => secret.arn === id || secret.name === id);
  // As in AWS, only the description of a primary lists its replicas.
  const entryOf = ({ secret }: StoredSecret): Secret => ({ ...secret, replicas: undefined });
  return {
    put: (stored) => void secrets.set(stored.secret.arn, stored),
    remove: (arn) => void secrets.delete(arn),
    async *list({ withDeleted = false, from = '0' } = {}) {
      const listed = [...secrets.values()].filter(
        ({ secret }) => withDeleted || secret.deletedAt === undefined,
      );
      let start = Number(from);
      do {
        const end = start + PAGE_SIZE;
        yield {
          secrets: listed.slice(start, end).map(entryOf),
          nextToken: end < listed.length ? String(end) : undefined,
        };
        start = end;
      } while (start < listed.length);
    },
    describe: async (id) => find(id)?.secret,
    async listed(arn) {
      const stored = secrets.get(arn);
      return stored && entryOf(stored);
    },
    async versions(arn): Promise<readonly VersionDate[]> {
      const stored = find(arn);
      if (stored === undefined) return [];
      return Object.keys(stored.secret.versionStages).map((versionId) => ({
        versionId,
        createdAt: stored.createdAt[versionId],
        lastAccessedAt: stored.lastAccessedAt?.[versionId],
      }));
    },
  };
}
