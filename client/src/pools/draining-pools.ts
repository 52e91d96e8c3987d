import type { Pool, PoolConnection, PoolOptions } from 'mysql2';
import type { Credentials } from '../connect/credentials.ts';

/** The connections of a mysql2 pool, as seen by the code that decides when to log in. */
export interface MysqlConnections {
  /** Whether the next connection would be a new one, and so log in. */
  needsLogin(): boolean;
  /** A new connection that logs in with these credentials. */
  open(found: Credentials): Promise<PoolConnection>;
  /** A connection that is open, or will be given back. */
  take(): Promise<PoolConnection>;
}

/** One pool of the driver, with a user and a password that do not change. */
interface Generation {
  readonly pool: Pool;
  readonly user: string;
  readonly password: string;
  /** Log-ins under way. */
  opening: number;
  /** Connections given out. */
  readonly given: Set<PoolConnection>;
  /** Connections given back and still open. */
  readonly idle: Set<PoolConnection>;
}

/** The factory of the driver's pools, and the limits that hold over all of them. */
interface DrainingParts {
  /** Makes a pool of the driver for credentials. */
  readonly make: (found: Credentials) => Pool;
  readonly options: Pick<PoolOptions, 'connectionLimit' | 'waitForConnections' | 'queueLimit'>;
}

/**
 * Pools of mysql2 by its public interface alone: each password has a pool of its own, and one whose password changed
 * ends as soon as its last connection is given back. `outer`, which never connects, shows what happens in all.
 */
export class DrainingPools implements MysqlConnections {
  readonly #outer: Pool;
  readonly #parts: DrainingParts;
  readonly #generations = new Set<Generation>();
  readonly #waiting: (() => void)[] = [];
  readonly #limit: number;
  #current: Generation | undefined;
  #closed = false;

  constructor(outer: Pool, parts: DrainingParts) {
    this.#outer = outer;
    this.#parts = parts;
    this.#limit = parts.options.connectionLimit || Number.POSITIVE_INFINITY;
    this.#takeOver(outer);
  }

  needsLogin(): boolean {
    return !this.#closed && !this.#current?.idle.size && this.#out() < this.#limit;
  }

  async open(found: Credentials): Promise<PoolConnection> {
    const generation = this.#generationOf(found);
    try {
      const connection = await this.#get(generation);
      if (generation !== this.#current) this.#replaceBy(generation);
      return connection;
    } catch (error) {
      if (generation !== this.#current) this.#drain(generation);
      throw error;
    }
  }

  async take(): Promise<PoolConnection> {
    if (this.#closed) throw new Error('Pool is closed.');
    const { waitForConnections = true, queueLimit = 0 } = this.#parts.options;
    while (this.#current === undefined || (this.#current.idle.size === 0 && this.#out() >= this.#limit)) {
      if (!waitForConnections) throw new Error('No connections available.');
      if (queueLimit > 0 && this.#waiting.length >= queueLimit) throw new Error('Queue limit reached.');
      this.#outer.emit('enqueue');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      if (this.#closed) throw new Error('Pool is closed.');
    }
    return this.#get(this.#current);
  }

  #out(): number {
    let out = 0;
    for (const { opening, given } of this.#generations) out += opening + given.size;
    return out;
  }

  #generationOf(found: Credentials): Generation {
    const { username: user, password } = found;
    const current = this.#current;
    if (current?.user === user && current.password === password) return current;
    const pool = this.#parts.make(found);
    const made: Generation = { pool, user, password, opening: 0, given: new Set(), idle: new Set() };
    for (const event of ['connection', 'acquire', 'release'] as const)
      pool.on(event as 'release', (connection) => this.#outer.emit(event, connection));
    this.#generations.add(made);
    return made;
  }

  #get(generation: Generation): Promise<PoolConnection> {
    generation.opening++;
    return new Promise((resolve, reject) => {
      generation.pool.getConnection((error, connection) => {
        generation.opening--;
        if (error) return reject(error);
        if (!generation.idle.delete(connection)) this.#watch(generation, connection);
        generation.given.add(connection);
        resolve(connection);
      });
    });
  }

  /** Notices that a connection is given back or has ended, whichever way. */
  #watch(generation: Generation, connection: PoolConnection): void {
    const { given, idle } = generation;
    const [release, destroy] = [connection.release, connection.destroy];
    const gone = () => {
      const known = given.delete(connection) || idle.delete(connection);
      if (known) this.#freed(generation);
    };
    connection.once('end', gone);
    connection.once('error', gone);
    Object.assign(connection, {
      release: () => {
        const back = given.delete(connection);
        if (back) idle.add(connection);
        release.call(connection);
        if (back) this.#freed(generation);
      },
      destroy: () => {
        destroy.call(connection);
        gone();
      },
    });
  }

  #freed(generation: Generation): void {
    if (generation !== this.#current) this.#drain(generation);
    this.#waiting.shift()?.();
  }

  #replaceBy(generation: Generation): void {
    const before = this.#current;
    this.#current = generation;
    if (before !== undefined) this.#drain(before);
  }

  #drain(generation: Generation): void {
    if (generation.opening + generation.given.size > 0 || !this.#generations.delete(generation)) return;
    generation.pool.end(() => undefined);
  }

  #takeOver(outer: Pool): void {
    const end = outer.end.bind(outer);
    const close = (got?: (error: NodeJS.ErrnoException | null) => void) => {
      this.#closed = true;
      for (const resolve of this.#waiting.splice(0)) resolve();
      const pools = [...this.#generations].map(({ pool }) => pool);
      this.#generations.clear();
      let left = pools.length;
      const ended = () => {
        if (--left <= 0) end((error) => got?.(error));
      };
      for (const pool of pools) pool.end(ended);
      if (pools.length === 0) ended();
    };
    Object.assign(outer, {
      end: close,
      releaseConnection: (connection: PoolConnection) => connection.release(),
    });
  }
}
