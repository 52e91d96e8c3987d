import type { Instant } from '../domain/instant.ts';
import type { Secret, SecretArn } from '../domain/secret.ts';
import { PortError } from './failure.ts';

/** A version of a secret and when it was made. */
export interface VersionDate {
  readonly versionId: string;
  readonly createdAt: Instant | undefined;
}

/** What is known about the secrets of one target, never their values. Failures are {@link CatalogError}s. */
export interface SecretCatalog {
  /** All secrets that are not scheduled for deletion, in pages of at most 100; may lag five minutes. */
  list(): AsyncIterable<readonly Secret[]>;
  /** One secret by ARN or name; undefined when there is none. */
  describe(id: string): Promise<Secret | undefined>;
  /** The labelled versions of a secret; empty when there is no such secret. At most 50 calls a second. */
  versions(arn: SecretArn): Promise<readonly VersionDate[]>;
}

/** A call to the catalog failed. */
export class CatalogError extends PortError {
  override readonly name = 'CatalogError';
}
