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
export { type DatabaseSecret, databaseSecret } from './config/database-secret.ts';
export { type LoadConfigOptions, loadConfig } from './config/load-config.ts';
export type { SchemaIssue, SchemaResult, StandardSchema } from './config/standard-schema.ts';
export type { ChainEvent } from './connect/credential-chain.ts';
export type { Credentials } from './connect/credentials.ts';
export { type Health, type HealthOptions, healthCheck } from './connect/health.ts';
export { rotatingKnexClient } from './connect/knex.ts';
export type { LoginStatus } from './connect/logins.ts';
export {
  type Classify,
  classifyAny,
  classifyHttp,
  classifyMysql,
  classifyPostgres,
  classifyRedis,
  type Refusal,
} from './connect/refusal.ts';
export { type CredentialOptions, loginStatus, withCredentials } from './connect/with-credentials.ts';
export {
  AccountLockedError,
  CredentialsRefusedError,
  type ReadFailure,
  SecretConfigError,
  SecretFormatError,
  SecretReadError,
} from './errors.ts';
export type { BatchResult, SecretRequest, SecretSource } from './source.ts';
