import type { SecretCatalog } from '../../ports/look/secret-catalog.ts';

/** A catalog that counts the calls it costs. */
export interface CountingCatalog extends SecretCatalog {
  /** Calls made so far: a page of the list is one. */
  readonly calls: () => number;
}

/** Wraps a catalog so that a sweep can say what it cost. */
export function countingCatalog(catalog: SecretCatalog): CountingCatalog {
  let calls = 0;
  return {
    calls: () => calls,
    async *list(options) {
      const pages = catalog.list(options)[Symbol.asyncIterator]();
      for (;;) {
        calls += 1;
        const page = await pages.next();
        if (page.done === true) {
          calls -= 1;
          return;
        }
        yield page.value;
      }
    },
    describe(id) {
      calls += 1;
      return catalog.describe(id);
    },
    versions(arn) {
      calls += 1;
      return catalog.versions(arn);
    },
  };
}
