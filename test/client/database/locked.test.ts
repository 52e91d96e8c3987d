import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'vitest';
import { AccountLockedError } from '../../../client/src/errors.ts';
import { rotatingPool as mysqlPool } from '../../../client/src/mysql2.ts';
import { rotatingPool as pgPool } from '../../../client/src/pg.ts';
import { aSimulator } from '../../support/simulated.ts';
import { type Acquire, fromMysql, fromPg } from './load.ts';
import { aRotatingSecret, type RotatingSecret } from './rotating-secret.ts';
import { MARIADB, missing, POSTGRES } from './server.ts';
import { mariadb, postgres, type Target } from './target.ts';

/** Time that the account stays locked: more than the budget of 10 s. */
const LOCKED_MS = 17_000;
/** A refusal that says "locked" ends all attempts for so long. */
const REST_MS = 5_000;

interface Pool {
  readonly acquire: Acquire;
  readonly end: () => Promise<unknown>;
}

const ENGINES: Readonly<
  Record<string, readonly [typeof MARIADB, () => Promise<Target>, (secret: RotatingSecret) => Pool]>
> = {
  MariaDB: [
    MARIADB,
    mariadb,
    ({ secretId, cache }) => {
      const pool = mysqlPool(secretId, { connectionLimit: 10, credentials: { cache: cache() } });
      return { acquire: fromMysql(pool), end: () => pool.promise().end() };
    },
  ],
  PostgreSQL: [
    POSTGRES,
    postgres,
    ({ secretId, cache }) => {
      const pool = pgPool(secretId, { max: 10, credentials: { cache: cache() } });
      return { acquire: fromPg(pool), end: () => pool.end() };
    },
  ],
};

test.concurrent.for(Object.entries(ENGINES))(
  'locked beyond the budget, each request gets one typed error, and one log-in in 5 s is tried: %s',
  async ([, [kind, start, open]], context) => {
    const { expect } = context;
    const reason = missing(kind);
    if (reason !== undefined) return context.skip(reason);
    const target = await start();
    context.onTestFinished(() => target.stop());
    const secret = await aRotatingSecret(aSimulator(), target);
    const pool = open(secret);
    await target.setLocked(secret.user, true);
    const [begin, before] = [Date.now(), await target.attempts()];
    let requests = 0;
    const errors: unknown[] = [];
    const work = async () => {
      while (Date.now() - begin < LOCKED_MS) {
        requests++;
        await pool.acquire().catch((error: unknown) => errors.push(error));
        await sleep(100);
      }
    };
    await Promise.all(Array.from({ length: 20 }, work));
    const attempts = (await target.attempts()) - before;
    const most = Math.floor((Date.now() - begin) / REST_MS) + 1;
    expect(errors).toHaveLength(requests);
    for (const error of errors) expect(error).toBeInstanceOf(AccountLockedError);
    expect(attempts).toBeGreaterThan(1);
    expect(attempts).toBeLessThanOrEqual(most);
    await target.setLocked(secret.user, false);
    const connection = await pool.acquire();
    await connection.query();
    connection.drop();
    await pool.end();
  },
);
