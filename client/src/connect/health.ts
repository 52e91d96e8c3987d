import type { SecretCache } from '../cache/secret-cache.ts';
import { mayBeSame } from '../cache/secret-id.ts';
import { errorsIn, fieldOf } from '../wrapped-errors.ts';
import { loginStatus } from './with-credentials.ts';

/** The result of a health check. */
export interface Health {
  /** `degraded`: it works, and somebody should look. */
  readonly state: 'healthy' | 'degraded' | 'unhealthy';
  /** The reason, in one sentence without a value; undefined when healthy. */
  readonly reason: string | undefined;
}

/** Options of a health check. */
export interface HealthOptions {
  readonly cache: SecretCache;
  /** Longest time for the whole check, in milliseconds. @default 2000 */
  readonly timeoutMs?: number | undefined;
}

/**
 * Checks what depends on a secret: `use` does something small, such as `pool.query('select 1')`. Log-ins that it
 * needs pass the same gate as all others, so a probe never adds to what locks an account.
 *
 * @example
 * const { state, reason } = await healthCheck('orders/db', () => pool.query('select 1'), { cache });
 */
export async function healthCheck(
  secretId: string,
  use: () => unknown,
  { cache, timeoutMs = 2_000 }: HealthOptions,
): Promise<Health> {
  const stale = new Set<string>();
  const stop = cache.onEvent((event) => {
    if (event.type === 'stale-served') stale.add(event.secretId);
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Health>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, unhealthy(`no answer within ${timeoutMs} ms`));
  });
  const check = async (): Promise<Health> => {
    try {
      const { ARN } = await cache.get(secretId);
      await use();
      if (loginStatus(ARN).usesPending)
        return {
          state: 'degraded',
          reason: 'AWSCURRENT is refused and AWSPENDING is used: a rotation has not finished',
        };
      if ([...stale].some((id) => mayBeSame(id, ARN)))
        return { state: 'degraded', reason: 'the secret cannot be read and an older value is used' };
      return { state: 'healthy', reason: undefined };
    } catch (error) {
      return unhealthy(reasonOf(error));
    }
  };
  try {
    return await Promise.race([check(), late]);
  } finally {
    clearTimeout(timer);
    stop();
  }
}

/** By name, as a process may have loaded two copies of the package. */
const OWN: ReadonlySet<string> = new Set([
  'SecretReadError',
  'CredentialsRefusedError',
  'AccountLockedError',
]);

const unhealthy = (reason: string): Health => ({ state: 'unhealthy', reason });

/** Messages of this package carry no value; those of drivers are not shown. A library may have wrapped either. */
function reasonOf(error: unknown): string {
  const errors = errorsIn(error);
  const own = errors.find((one) => OWN.has(String(fieldOf(one, 'name'))));
  if (own instanceof Error) return own.message;
  const named = ['code', 'name'].flatMap((field) => errors.map((one) => fieldOf(one, field)));
  const known = named.find((name) => typeof name === 'string' || typeof name === 'number') ?? 'unknown';
  return `the check failed (${String(known).slice(0, 60)})`;
}
