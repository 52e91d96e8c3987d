import type { SecretResponse } from './cache/secret-value.ts';

/** One read of a secret. */
export interface SecretRequest {
  /** Name, ARN or partial ARN. */
  readonly secretId: string;
  /** Stage to read; sources read AWSCURRENT when neither stage nor version is given. */
  readonly versionStage?: string | undefined;
  readonly versionId?: string | undefined;
  /** Asks a source that caches by itself, such as a local agent, to read again. */
  readonly refresh?: boolean | undefined;
}

/** The response or the error of each secret in a batch, by its id. */
export type BatchResult = ReadonlyMap<string, SecretResponse | Error>;

/** A place to read secrets from: the API of Secrets Manager or a local agent. */
export interface SecretSource {
  /**
   * Reads one secret.
   *
   * @throws {SecretReadError} or any error, which the cache then translates.
   */
  read(request: SecretRequest, signal: AbortSignal): Promise<SecretResponse>;
  /** Reads AWSCURRENT of up to 20 secrets in one call; left out by sources that cannot. */
  readMany?(secretIds: readonly string[], signal: AbortSignal): Promise<BatchResult>;
}
