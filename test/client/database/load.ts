import { setTimeout as sleep } from 'node:timers/promises';
import type mysql from 'mysql2';
import type pg from 'pg';

/** One connection of a pool, whichever driver made it. */
interface Pooled {
  query(): Promise<unknown>;
  /** Ends the connection, so that the pool has to make a new one. */
  drop(): void;
}

/** Takes a connection of a pool. */
export type Acquire = () => Promise<Pooled>;

/** A pool of mysql2. */
export const fromMysql =
  (pool: mysql.Pool): Acquire =>
  async () => {
    const connection = await pool.promise().getConnection();
    return { query: () => connection.query('select 1'), drop: () => connection.destroy() };
  };

/** A pool of node-postgres. */
export const fromPg =
  (pool: pg.Pool): Acquire =>
  async () => {
    const client = await pool.connect();
    return { query: () => client.query('select 1'), drop: () => client.release(true) };
  };

/** Observations of an application under load so far. */
export interface Load {
  queries: number;
  logIns: number;
  readonly errors: unknown[];
  /** Waits for a connection, in milliseconds. */
  readonly waits: number[];
}

/** Ten workers, whose connections end every 20 queries, until `enough` says so. No worker tries anything twice. */
export function underLoad(
  acquire: Acquire,
  enough: () => boolean,
  workers = 10,
): { load: Load; done: Promise<unknown> } {
  const load: Load = { queries: 0, logIns: 0, errors: [], waits: [] };
  const work = async () => {
    while (!enough()) {
      try {
        const start = performance.now();
        const connection = await acquire();
        load.waits.push(performance.now() - start);
        load.logIns++;
        for (let query = 0; query < 20; query++) {
          await connection.query();
          load.queries++;
          await sleep(10 + Math.random() * 20);
        }
        connection.drop();
      } catch (error) {
        load.errors.push(error);
        await sleep(100);
      }
    }
  };
  return { load, done: Promise.all(Array.from({ length: workers }, work)) };
}
