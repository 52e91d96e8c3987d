import type { Pool, PoolConnection, PoolOptions, SslOptions } from 'mysql2';
import mysql from 'mysql2';
import type { Credentials } from './connect/credentials.ts';
import type { Use } from './connect/logins.ts';
import { classifyMysql } from './connect/refusal.ts';
import { type CredentialOptions, logIn } from './connect/with-credentials.ts';
import { DrainingPools, type MysqlConnections } from './pools/draining-pools.ts';
import { type Tls, tlsOf } from './pools/tls.ts';

/** The driver's own options; user and password come from the secret. */
export interface RotatingMysqlOptions
  extends Omit<PoolOptions, 'user' | 'password' | 'password1' | 'passwordSha1' | 'ssl' | 'uri'> {
  /** Options for finding the credentials. */
  readonly credentials?: Omit<CredentialOptions, 'classify' | 'signal'> | undefined;
  /** Options of TLS, such as the `ca` of your database; false sends plain text. @default the secret's `ssl` field */
  readonly tls?: Tls | undefined;
  /** The driver, where it is not the one that `mysql2` resolves to here. */
  readonly driver?: Pick<typeof mysql, 'createPool'> | undefined;
}

type GotConnection = (error: NodeJS.ErrnoException | null, connection: PoolConnection) => void;

/** Members of a mysql2 pool that its types leave out. */
interface Internals {
  readonly _allConnections: { readonly length: number };
  readonly _freeConnections: { readonly length: number };
  readonly _closed: boolean;
  readonly config: { readonly connectionLimit: number; connectionConfig: object };
}

/** Address of the server, in the place of the one that the secret names. */
type Place = Pick<PoolOptions, 'host' | 'port' | 'database' | 'socketPath'>;

/**
 * A pool of mysql2, made by the driver itself, whose connections log in with the secret through a rotation.
 * `pool.promise()` is the same pool with promises. Versions of mysql2 that keep their connections in a way that is not
 * known here get a pool of the driver for each password; the one before ends when its last connection is given back.
 *
 * @example
 * const pool = rotatingPool('orders/db', { connectionLimit: 10 }).promise();
 * await pool.query('select now()');
 */
export function rotatingPool(secretId: string, options: RotatingMysqlOptions = {}): Pool {
  const { credentials = {}, tls, driver = mysql, ...rest } = options;
  const pool = driver.createPool({ ...rest, user: '', password: '' });
  const original = pool.getConnection.bind(pool);
  const inside = internals(pool);
  const connections =
    inside === undefined
      ? new DrainingPools(pool, {
          options: { connectionLimit: 10, ...rest },
          make: (found) => poolOf(driver, found, { ...rest, ...loginOf(found, rest, tls) }),
        })
      : knownPool(inside, original, (found) => loginOf(found, rest, tls));
  const waiting = new Set<AbortController>();
  const connect = connector(connections, waiting, (use, signal) =>
    logIn(secretId, use, { ...credentials, classify: classifyMysql, signal }),
  );
  // Who waits for a log-in takes a connection that others give back in the meantime.
  pool.on('release', () => {
    const [first] = waiting;
    first?.abort();
  });
  const end = pool.end.bind(pool);
  Object.assign(pool, {
    end: (ended?: Parameters<typeof end>[0]) => {
      end(ended);
      // Nobody waits for a log-in of a pool that has ended.
      for (const one of waiting) one.abort();
    },
  });
  return Object.assign(pool, {
    getConnection: (got: GotConnection) => {
      if (inside !== undefined && !connections.needsLogin()) return original(got);
      connect().then(
        (connection) => process.nextTick(got, null, connection),
        (error: unknown) => process.nextTick(got, error),
      );
      return undefined;
    },
  });
}

/** Gets connections, through the gate where a log-in is needed. */
function connector(
  connections: MysqlConnections,
  waiting: Set<AbortController>,
  logInBy: (use: Use<PoolConnection>, signal: AbortSignal) => Promise<PoolConnection>,
): () => Promise<PoolConnection> {
  const use: Use<PoolConnection> = (found, turn) => {
    if (connections.needsLogin()) return connections.open(found);
    turn.skip();
    return connections.take();
  };
  return async () => {
    while (connections.needsLogin()) {
      const abort = new AbortController();
      waiting.add(abort);
      try {
        return await logInBy(use, abort.signal);
      } catch (error) {
        if (!abort.signal.aborted) throw error;
      } finally {
        waiting.delete(abort);
      }
    }
    return connections.take();
  };
}

/** The parts of a pool that decide when it logs in; undefined where this version keeps them elsewhere. */
function internals(pool: Pool): Internals | undefined {
  const inside = pool as unknown as Partial<Internals>;
  const { _allConnections: all, _freeConnections: free, config } = inside;
  const known = [all?.length, free?.length, config?.connectionLimit].every(
    (part) => typeof part === 'number',
  );
  return known && typeof config?.connectionConfig === 'object' ? (inside as Internals) : undefined;
}

/** The driver makes its next connection from its configuration; those that are open keep theirs. */
const knownPool = (
  inside: Internals,
  original: Pool['getConnection'],
  login: (found: Credentials) => object,
): MysqlConnections => {
  const take = () =>
    new Promise<PoolConnection>((resolve, reject) => {
      original((error, connection) => (error ? reject(error) : resolve(connection)));
    });
  return {
    needsLogin: () =>
      !inside._closed &&
      inside._freeConnections.length === 0 &&
      (inside.config.connectionLimit === 0 || inside._allConnections.length < inside.config.connectionLimit),
    open: (found) => {
      const before = inside.config.connectionConfig;
      const next = Object.create(
        Object.getPrototypeOf(before),
        Object.getOwnPropertyDescriptors(before),
      ) as object;
      inside.config.connectionConfig = withPassword(Object.assign(next, { ssl: false }, login(found)), found);
      return take();
    },
    take,
  };
};

function loginOf(found: Credentials, own: Place, tls: Tls | undefined): PoolOptions {
  const host = own.host ?? found.host ?? 'localhost';
  const ssl = own.socketPath === undefined ? tlsOf(tls, found['ssl'], host) : false;
  const database = own.database ?? found.dbname;
  return {
    host,
    port: own.port ?? found.port ?? 3306,
    ...(database !== undefined && { database }),
    user: found.username,
    ...(ssl !== false && { ssl: ssl as SslOptions }),
  };
}

/** The driver's own pool prints its password. */
const withPassword = <T extends object>(config: T, { password }: Credentials): T =>
  Object.defineProperty(config, 'password', {
    value: password,
    enumerable: false,
    writable: true,
    configurable: true,
  });

function poolOf(driver: Pick<typeof mysql, 'createPool'>, found: Credentials, options: PoolOptions): Pool {
  const pool = driver.createPool({ ...options, password: found.password });
  const { config } = pool as unknown as Partial<Internals>;
  if (config?.connectionConfig !== undefined) withPassword(config.connectionConfig, found);
  return pool;
}
