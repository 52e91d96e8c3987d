import type { SecretCatalog } from '../../ports/look/secret-catalog.ts';

/** A catalog that counts the calls it costs. */
export interface CountingCatalog extends SecretCatalog {
  /** Calls made so far: a page of the list is one. */
  readonly calls: () => number;
}

/** Wraps a catalog so that a sweep or an audit can say what it cost; `counts` holds the calls by operation. */
export function countingCatalog(
  catalog: SecretCatalog,
  counts: Record<string, number> = {},
): CountingCatalog {
  const count = (operation: string, by = 1): void => {
    const name = `secretsmanager:${operation}`;
    counts[name] = (counts[name] ?? 0) + by;
  };
  return {
    calls: () => Object.values(counts).reduce((sum, each) => sum + each, 0),
    async *list(options) {
      const pages = catalog.list(options)[Symbol.asyncIterator]();
      for (;;) {
        count('ListSecrets');
        const page = await pages.next();
        if (page.done === true) {
          count('ListSecrets', -1);
          return;
        }
        yield page.value;
      }
    },
    describe(id) {
      count('DescribeSecret');
      return catalog.describe(id);
    },
    listed(arn) {
      count('ListSecrets');
      return catalog.listed(arn);
    },
    versions(arn) {
      count('ListSecretVersionIds');
      return catalog.versions(arn);
    },
  };
}
