import { DataSource, type DataSourceOptions } from 'typeorm';
import { onTestFinished, test } from 'vitest';
import { rotatingPool } from '../../../client/src/mysql2.ts';
import { rotatingClient } from '../../../client/src/pg.ts';
import { aSimulator } from '../../support/simulated.ts';
import { aRotatingSecret, type RotatingSecret } from '../database/rotating-secret.ts';
import { MARIADB, missing, POSTGRES } from '../database/server.ts';
import { mariadb, postgres, type Target } from '../database/target.ts';
import { type Run, type Transactions, transactThroughTheGap } from '../database/transactions.ts';

async function withTypeorm(options: DataSourceOptions): Promise<Transactions> {
  const source = await new DataSource(options).initialize();
  return {
    transact: (work) =>
      source.transaction((manager) =>
        work(async (statement) => (await manager.query(statement)) as Awaited<ReturnType<Run>>),
      ),
    end: () => source.destroy(),
  };
}

async function through(
  target: Target,
  options: (secret: RotatingSecret) => DataSourceOptions,
): Promise<void> {
  onTestFinished(() => target.stop());
  const secret = await aRotatingSecret(aSimulator(), target);
  await transactThroughTheGap(secret, target, await withTypeorm(options(secret)));
}

test('transactions of TypeORM go through the gap on MariaDB', async (context) => {
  const reason = missing(MARIADB);
  if (reason !== undefined) return context.skip(reason);
  await through(await mariadb(), ({ secretId, cache }) => ({
    type: 'mysql',
    database: 'app',
    driver: {
      createPool: () => rotatingPool(secretId, { connectionLimit: 5, credentials: { cache: cache() } }),
    },
  }));
});

test('transactions of TypeORM go through the gap on PostgreSQL', async (context) => {
  const reason = missing(POSTGRES);
  if (reason !== undefined) return context.skip(reason);
  const target = await postgres();
  await through(target, ({ secretId, cache }) => ({
    type: 'postgres',
    host: '127.0.0.1',
    port: target.port,
    database: 'app',
    extra: { max: 5, Client: rotatingClient(secretId, { credentials: { cache: cache() } }) },
  }));
});
