import { SecretCache } from '../cache/secret-cache.ts';
import { processState } from '../process-state.ts';
import type { ChainEvent, SecretReader } from './credential-chain.ts';
import type { Credentials } from './credentials.ts';
import { type LoginStatus, Logins, type Use } from './logins.ts';
import { type Classify, classifyAny } from './refusal.ts';

/** Options for finding and judging credentials. */
export interface CredentialOptions {
  /** Cache to read from. @default one that the process shares */
  readonly cache?: SecretCache | undefined;
  /**
   * Decides whether an error means that the credentials were refused. @default by the codes of MySQL, PostgreSQL, Redis
   * and HTTP
   */
  readonly classify?: Classify | undefined;
  /** Fields that rotation changes, which alone are taken from AWSPENDING. @default ['password'] */
  readonly secretKeys?: readonly string[] | undefined;
  /** Longest time until a log-in works or fails, in milliseconds. @default 10000 */
  readonly budgetMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called when AWSPENDING is used, or may not be read; of several for one secret, the last one given. */
  readonly onEvent?: ((event: ChainEvent) => void) | undefined;
}

/** Longest time until a log-in works or fails. */
const BUDGET_MS = 10_000;

/**
 * Logs in with whatever the server accepts while the secret rotates: AWSCURRENT from the cache, AWSCURRENT read again,
 * and AWSPENDING when it names the same user at the same place. What works is remembered for the process.
 *
 * `use` logs in and answers the connection. It may be called again with other credentials when it throws an error
 * that `classify` calls `refused`. All log-ins of a secret in this process pass one gate, so it must not do long work.
 *
 * @throws {AccountLockedError} The server says that the account is locked.
 * @throws {CredentialsRefusedError} Nothing was accepted within the budget.
 *
 * @example
 * const client = await withCredentials('orders/redis', async ({ username, password }) => {
 *   const redis = createClient({ url, username, password });
 *   await redis.connect();
 *   return redis;
 * });
 */
export const withCredentials = <T>(
  secretId: string,
  use: (credentials: Credentials) => T | Promise<T>,
  options: CredentialOptions = {},
): Promise<T> => logIn(secretId, use, options);

/** The same for pools, which may find that no log-in is needed. */
export async function logIn<T>(secretId: string, use: Use<T>, options: CredentialOptions): Promise<T> {
  const { cache = sharedCache(), classify = classifyAny, budgetMs = BUDGET_MS, signal, onEvent } = options;
  const { ARN } = await cache.get(secretId, signal && { signal });
  return loginsOf(ARN, options).logIn(readerOf(cache, secretId), use, {
    secretId,
    classify,
    budgetMs,
    signal,
    onEvent,
  });
}

const readerOf = (cache: SecretCache, secretId: string): SecretReader => ({
  cached: () => cache.get(secretId),
  fresh: () => cache.get(secretId, { forceRefresh: true }),
  pending: () => cache.get(secretId, { versionStage: 'AWSPENDING', forceRefresh: true }),
});

function loginsOf(arn: string, { secretKeys = ['password'] }: CredentialOptions): Logins {
  const { logins } = processState();
  const known = logins.get(arn) as Logins | undefined;
  if (known !== undefined) return known;
  const made = new Logins(secretKeys);
  logins.set(arn, made);
  return made;
}

/** Returns what this process knows about the log-ins of a secret, by its ARN, without trying one. */
export function loginStatus(arn: string): LoginStatus {
  const known = processState().logins.get(arn) as Logins | undefined;
  return known?.status() ?? { usesPending: false, isLocked: false };
}

/** The cache of a process whose application gives none. */
function sharedCache(): SecretCache {
  const state = processState();
  state.cache ??= new SecretCache();
  return state.cache as SecretCache;
}
