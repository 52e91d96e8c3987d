import type { SecretCatalog } from '../../monitor/ports/look/secret-catalog.ts';
import { isOfCredentials } from './cause.ts';

/** A catalog, and the first of its failures that was about the credentials. */
export interface HeardCatalog {
  readonly catalog: SecretCatalog;
  /** Fails with that failure, if there was one. */
  check(): void;
}

/**
 * Notices a session that ends while many secrets are looked at. Judged secret by secret, the failure would read as a
 * permission that is missing for each of them.
 */
export function heardCatalog(heard: SecretCatalog): HeardCatalog {
  let first: unknown;
  const hearing = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      if (isOfCredentials(error)) first ??= error;
      throw error;
    }
  };
  return {
    catalog: {
      ...heard,
      describe: (id) => hearing(heard.describe(id)),
      listed: (arn) => hearing(heard.listed(arn)),
      versions: (arn) => hearing(heard.versions(arn)),
    },
    check: () => {
      if (first !== undefined) throw first;
    },
  };
}
