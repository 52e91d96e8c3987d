import type { Pool, PoolConnection, PoolOptions } from 'mysql2';
import mysql from 'mysql2';
import type { Credentials } from './connect/credentials.ts';
import { classifyMysql } from './connect/refusal.ts';
import { type CredentialOptions, logIn } from './connect/with-credentials.ts';
import { type Tls, tlsOf } from './pools/tls.ts';

/** The driver's own options; user and password come from the secret. */
export interface RotatingMysqlOptions
  extends Omit<PoolOptions, 'user' | 'password' | 'password1' | 'passwordSha1' | 'ssl' | 'uri'> {
  /** How credentials are found. */
  readonly credentials?: Omit<CredentialOptions, 'classify' | 'signal'> | undefined;
  /** Options of TLS, such as the `ca` of your database; false sends plain text. @default the secret's `ssl` field */
  readonly tls?: Tls | undefined;
  /** The driver, where it is not the one that `mysql2` resolves to here. */
  readonly driver?: Pick<typeof mysql, 'createPool'> | undefined;
}

type GotConnection = (error: NodeJS.ErrnoException | null, connection: PoolConnection) => void;

/** What a pool of mysql2 has beside its types. */
interface Internals {
  readonly _allConnections: { readonly length: number };
  readonly _freeConnections: { readonly length: number };
  readonly _closed: boolean;
  readonly config: { readonly connectionLimit: number; connectionConfig: object };
}

/**
 * A pool of mysql2, made by the driver itself, whose connections log in with the secret through a rotation.
 * `pool.promise()` is the same pool with promises.
 *
 * @throws {TypeError} This version of mysql2 makes its connections in a way that is not known here.
 *
 * @example
 * const pool = rotatingPool('orders/db', { connectionLimit: 10 }).promise();
 * await pool.query('select now()');
 */
export function rotatingPool(secretId: string, options: RotatingMysqlOptions = {}): Pool {
  const { credentials = {}, tls, driver = mysql, ...rest } = options;
  const pool = driver.createPool({ ...rest, user: '', password: '' });
  const inside = internals(pool);
  const original = pool.getConnection.bind(pool);
  const waiting = new Set<AbortController>();

  /** Whether the driver would make a new connection now, and so log in. */
  const needsLogin = () =>
    !inside._closed &&
    inside._freeConnections.length === 0 &&
    (inside.config.connectionLimit === 0 || inside._allConnections.length < inside.config.connectionLimit);

  const get = () =>
    new Promise<PoolConnection>((resolve, reject) => {
      original((error, connection) => (error ? reject(error) : resolve(connection)));
    });

  const connect = async (): Promise<PoolConnection> => {
    while (needsLogin()) {
      const abort = new AbortController();
      waiting.add(abort);
      try {
        return await logIn(
          secretId,
          (found, turn) => {
            if (needsLogin()) setLogin(inside, found, rest, tls);
            else turn.skip();
            return get();
          },
          { ...credentials, classify: classifyMysql, signal: abort.signal },
        );
      } catch (error) {
        if (!abort.signal.aborted) throw error;
      } finally {
        waiting.delete(abort);
      }
    }
    return get();
  };

  // Who waits for a log-in takes a connection that others give back meanwhile.
  pool.on('release', () => {
    const [first] = waiting;
    first?.abort();
  });
  return Object.assign(pool, {
    getConnection: (got: GotConnection) => {
      if (!needsLogin()) return original(got);
      connect().then(
        (connection) => process.nextTick(got, null, connection),
        (error: unknown) => process.nextTick(got, error),
      );
      return undefined;
    },
  });
}

/** @throws {TypeError} The pool has not the parts that decide when it logs in. */
function internals(pool: Pool): Internals {
  const inside = pool as unknown as Partial<Internals>;
  const { _allConnections: all, _freeConnections: free, config } = inside;
  const known = [all?.length, free?.length, config?.connectionLimit].every(
    (part) => typeof part === 'number',
  );
  if (!known || typeof config?.connectionConfig !== 'object')
    throw new TypeError(
      'Cannot make a rotating pool as this version of mysql2 keeps its connections elsewhere',
    );
  return inside as Internals;
}

/** The driver makes its next connection from this object; those that are open keep theirs. */
function setLogin(
  { config }: Internals,
  found: Credentials,
  own: Pick<PoolOptions, 'host' | 'port' | 'database' | 'socketPath'>,
  tls: Tls | undefined,
): void {
  const before = config.connectionConfig;
  const host = own.host ?? found.host ?? 'localhost';
  const place = {
    host,
    port: own.port ?? found.port ?? 3306,
    database: own.database ?? found.dbname,
    user: found.username,
    ssl: own.socketPath === undefined ? tlsOf(tls, found['ssl'], host) : false,
  };
  const next = Object.create(
    Object.getPrototypeOf(before),
    Object.getOwnPropertyDescriptors(before),
  ) as object;
  Object.assign(next, place);
  // The driver's own pool prints its password.
  const password = { value: found.password, enumerable: false, writable: true, configurable: true };
  config.connectionConfig = Object.defineProperty(next, 'password', password);
}
