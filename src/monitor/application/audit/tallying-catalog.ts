import type { SecretCatalog } from '../../ports/look/secret-catalog.ts';

/** A catalog whose calls are counted by operation, each page of a list as one. */
export function tallyingCatalog(catalog: SecretCatalog, calls: Record<string, number>): SecretCatalog {
  const count = (operation: string): void => {
    calls[operation] = (calls[operation] ?? 0) + 1;
  };
  return {
    async *list(options) {
      for await (const page of catalog.list(options)) {
        count('secretsmanager:ListSecrets');
        yield page;
      }
    },
    describe(id) {
      count('secretsmanager:DescribeSecret');
      return catalog.describe(id);
    },
    versions(arn) {
      count('secretsmanager:ListSecretVersionIds');
      return catalog.versions(arn);
    },
  };
}
