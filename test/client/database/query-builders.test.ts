import { createRequire } from 'node:module';
import { sql } from 'drizzle-orm';
import { drizzle as drizzleMysql } from 'drizzle-orm/mysql2';
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres';
import knex, { type Knex } from 'knex';
import {
  Kysely,
  MysqlDialect as KyselyMysql,
  PostgresDialect as KyselyPg,
  sql as kyselySql,
  type MysqlPool,
} from 'kysely';
import { afterAll, beforeAll, test } from 'vitest';
import { rotatingKnexClient } from '../../../client/src/connect/knex.ts';
import { rotatingPool as mysqlPool } from '../../../client/src/mysql2.ts';
import { rotatingPool as pgPool } from '../../../client/src/pg.ts';
import { aSimulator } from '../../support/simulated.ts';
import { aRotatingSecret, type RotatingSecret } from './rotating-secret.ts';
import { MARIADB, missing, POSTGRES } from './server.ts';
import { mariadb, postgres, type Target } from './target.ts';
import { type Run, type Transactions, transactThroughTheGap } from './transactions.ts';

/** Knex declares no types for its dialects. */
const require = createRequire(import.meta.url);
const dialect = (name: string) => require(`knex/lib/dialects/${name}/index.js`) as typeof Knex.Client;

type Open = (secret: RotatingSecret, target: Target) => Transactions;
type Rows = Awaited<ReturnType<Run>>;

const aMysqlPool = ({ secretId, cache }: RotatingSecret) =>
  mysqlPool(secretId, { connectionLimit: 5, credentials: { cache: cache() } });

const aPgPool = ({ secretId, cache }: RotatingSecret) =>
  pgPool(secretId, { max: 5, credentials: { cache: cache() } });

function withKnex(client: typeof Knex.Client, target: Target): Transactions {
  const connection = { host: '127.0.0.1', port: target.port, database: 'app' };
  const db = knex({ client, connection, pool: { min: 0, max: 5 } });
  return {
    transact: (work) =>
      db.transaction(async (transaction) => {
        await work(async (statement) => {
          const answer: unknown = await transaction.raw(statement);
          return (Array.isArray(answer) ? answer[0] : (answer as { rows: Rows }).rows) as Rows;
        });
      }),
    end: () => db.destroy(),
  };
}

function withKysely(dialect: KyselyMysql | KyselyPg): Transactions {
  const db = new Kysely<unknown>({ dialect });
  return {
    transact: (work) =>
      db.transaction().execute(async (transaction) => {
        await work(async (statement) => (await kyselySql.raw(statement).execute(transaction)).rows as Rows);
      }),
    end: () => db.destroy(),
  };
}

const MYSQL: Readonly<Record<string, Open>> = {
  Drizzle: (secret) => {
    const pool = aMysqlPool(secret);
    const db = drizzleMysql(pool);
    return {
      transact: (work) =>
        db.transaction((transaction) =>
          work(async (statement) => (await transaction.execute(sql.raw(statement)))[0] as unknown as Rows),
        ),
      end: () => pool.promise().end(),
    };
  },
  Kysely: (secret) => withKysely(new KyselyMysql({ pool: aMysqlPool(secret) as unknown as MysqlPool })),
  Knex: ({ secretId, cache }, target) =>
    withKnex(rotatingKnexClient(dialect('mysql2'), secretId, { cache: cache() }), target),
};

const POSTGRESQL: Readonly<Record<string, Open>> = {
  Drizzle: (secret) => {
    const pool = aPgPool(secret);
    const db = drizzlePg(pool);
    return {
      transact: (work) =>
        db.transaction((transaction) =>
          work(async (statement) => (await transaction.execute(sql.raw(statement))).rows as Rows),
        ),
      end: () => pool.end(),
    };
  },
  Kysely: (secret) => withKysely(new KyselyPg({ pool: aPgPool(secret) })),
  Knex: ({ secretId, cache }, target) =>
    withKnex(rotatingKnexClient(dialect('postgres'), secretId, { cache: cache() }), target),
};

let targets: { mysql?: Target; postgres?: Target } = {};
beforeAll(async () => {
  const [mysql, pg] = await Promise.all([
    missing(MARIADB) === undefined ? mariadb() : undefined,
    missing(POSTGRES) === undefined ? postgres() : undefined,
  ]);
  targets = { ...(mysql && { mysql }), ...(pg && { postgres: pg }) };
});
afterAll(() => Promise.all([targets.mysql?.stop(), targets.postgres?.stop()]));

const CASES = [
  ...Object.entries(MYSQL).map(([name, open]) => ({ engine: 'mysql' as const, name, open })),
  ...Object.entries(POSTGRESQL).map(([name, open]) => ({ engine: 'postgres' as const, name, open })),
];

for (const { engine, name, open } of CASES)
  test(`transactions of ${name} go through the gap: ${engine}`, async (context) => {
    const target = targets[engine];
    if (target === undefined) return context.skip(`no server for ${engine} is installed`);
    const secret = await aRotatingSecret(aSimulator(), target);
    await transactThroughTheGap(secret, target, open(secret, target));
  });
