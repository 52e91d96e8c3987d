import type { Secret } from '../../monitor/domain/secret/secret.ts';
import type { SecretCatalog } from '../../monitor/ports/look/secret-catalog.ts';

/** A catalog that lets `onPage` see every page of the list as it arrives. */
export const watchedCatalog = (
  catalog: SecretCatalog,
  onPage: (page: readonly Secret[]) => void,
): SecretCatalog => ({
  async *list(options) {
    for await (const page of catalog.list(options)) {
      onPage(page.secrets);
      yield page;
    }
  },
  describe: (id) => catalog.describe(id),
  versions: (arn) => catalog.versions(arn),
});
