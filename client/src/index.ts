export {
  type SecretsEnvironment,
  type SecretsManagerClientOptions,
  secretsManagerClient,
} from './aws/secrets-manager-client.ts';
export type { ClientProvider } from './aws/secrets-manager-source.ts';
export type { CacheEvent, CacheStats, RotateListener } from './cache/cache-events.ts';
export type { GetOptions, ManyValues, SecretCacheOptions } from './cache/cache-options.ts';
export type { Selector } from './cache/flights.ts';
export { SecretCache } from './cache/secret-cache.ts';
export type { SecretResponse, SecretValue } from './cache/secret-value.ts';
export { type ReadFailure, SecretFormatError, SecretReadError } from './errors.ts';
export type { BatchResult, SecretRequest, SecretSource } from './source.ts';
