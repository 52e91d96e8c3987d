import pg from 'pg';
import { classifyPostgres } from './connect/refusal.ts';
import { type CredentialOptions, logIn } from './connect/with-credentials.ts';
import { type Tls, tlsOf } from './pools/tls.ts';

/** The driver's own options; user and password come from the secret. */
export interface RotatingPgOptions
  extends Omit<pg.PoolConfig, 'user' | 'password' | 'ssl' | 'connectionString'> {
  /** Options for finding the credentials. */
  readonly credentials?: Omit<CredentialOptions, 'classify' | 'signal'> | undefined;
  /** Options of TLS, such as the `ca` of your database; false sends plain text. @default the secret's `ssl` field */
  readonly tls?: Tls | undefined;
  /** The driver, where it is not the one that `pg` resolves to here. */
  readonly driver?: Pick<typeof pg, 'Client' | 'Pool'> | undefined;
}

/** The callback that the driver calls with a client or with an error. */
type Connected = ((error: Error) => void) | ((error: null, client: pg.Client) => void);

/** State of an event emitter, which a client keeps through all its tries. */
const EMITTER: ReadonlySet<PropertyKey> = new Set(['_events', '_eventsCount', '_maxListeners']);

/**
 * A pool of node-postgres, made by the driver itself, whose clients log in with the secret through a rotation.
 *
 * @example
 * const pool = rotatingPool('orders/db', { max: 10, tls: { ca: readFileSync('global-bundle.pem') } });
 * await pool.query('select now()');
 */
export function rotatingPool(secretId: string, options: RotatingPgOptions = {}): pg.Pool {
  const { credentials: _, tls: __, driver = pg, ...rest } = options;
  const ending = new AbortController();
  const pool = new driver.Pool({ ...rest, Client: clientClass(secretId, options, ending.signal) });
  const end = pool.end.bind(pool) as (ended?: () => void) => Promise<void>;
  return Object.assign(pool, {
    end: (ended?: () => void) => {
      const done = end(ended);
      // Nobody waits for a log-in of a pool that has ended.
      ending.abort(new Error('Cannot log in as the pool has ended'));
      return done;
    },
  });
}

/**
 * A class of clients that log in with the secret: for what makes its own pool (TypeORM's `extra.Client`) and for
 * single connections.
 */
export function rotatingClient(secretId: string, options: RotatingPgOptions = {}): typeof pg.Client {
  return clientClass(secretId, options, undefined);
}

function clientClass(
  secretId: string,
  options: RotatingPgOptions,
  signal: AbortSignal | undefined,
): typeof pg.Client {
  const { driver = pg, tls, credentials: rules = {} } = options;
  return class RotatingClient extends driver.Client {
    readonly #config: pg.ClientConfig;

    constructor(config?: string | pg.ClientConfig) {
      const { user: _, password: __, ...own } = typeof config === 'object' ? config : {};
      super(own);
      this.#config = own;
    }

    override connect(): Promise<pg.Client>;
    override connect(callback: Connected): void;
    override connect(callback?: Connected): Promise<pg.Client> | undefined {
      const connected = this.#logIn();
      if (callback === undefined) return connected;
      connected.then(
        () => process.nextTick(callback, null, this),
        (error: unknown) => process.nextTick(callback, error),
      );
      return undefined;
    }

    async #logIn(): Promise<pg.Client> {
      const { connectionTimeoutMillis } = this.#config;
      const budgetMs = rules.budgetMs ?? (connectionTimeoutMillis || undefined);
      await logIn(
        secretId,
        async (found) => {
          const { host = found.host, port = found.port, database = found.dbname } = this.#config;
          const ssl = tlsOf(tls, found['ssl'], host ?? 'localhost');
          const { username: user, password } = found;
          const place = { ...(host && { host }), ...(port && { port }), ...(database && { database }) };
          this.#becomes(new driver.Client({ ...this.#config, ...place, user, password, ssl }));
          await super.connect();
        },
        { ...rules, budgetMs, classify: classifyPostgres, signal },
      );
      return this;
    }

    /** A client connects once: for another try it takes the state of a new one, all but its listeners. */
    #becomes(fresh: pg.Client): void {
      const { connection } = this as unknown as { connection: pg.Connection };
      connection.removeAllListeners();
      connection.on('error', () => undefined);
      connection.stream.destroy();
      for (const key of Reflect.ownKeys(fresh))
        if (typeof key === 'string' && !EMITTER.has(key))
          Object.defineProperty(this, key, Object.getOwnPropertyDescriptor(fresh, key) ?? {});
    }
  };
}
