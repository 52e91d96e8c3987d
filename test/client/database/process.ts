import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import { rotatingPool as mysqlPool } from '../../../client/src/mysql2.ts';
import { rotatingPool as pgPool } from '../../../client/src/pg.ts';

/** Orders to a process of the test. */
export interface ProcessOrders {
  readonly engine: 'mysql' | 'postgres';
  readonly endpoint: string;
  readonly secretId: string;
  readonly connections: number;
}

/** Its report. */
export interface ProcessReport {
  readonly connected: number;
  readonly errors: readonly string[];
}

const { engine, endpoint, secretId, connections } = JSON.parse(process.argv[2] ?? '') as ProcessOrders;
const credentials = { accessKeyId: 'application', secretAccessKey: 'simulated' };
const client = new SecretsManagerClient({ endpoint, region: 'eu-west-1', credentials });
const cache = new SecretCache({ client });
/** A pool of either driver; a connection answers how it ends. */
function aPool(): { connect: () => Promise<() => void>; end: () => Promise<void> } {
  if (engine === 'mysql') {
    const pool = mysqlPool(secretId, { connectionLimit: connections, credentials: { cache } }).promise();
    const connect = async () => {
      const connection = await pool.getConnection();
      return () => connection.destroy();
    };
    return { connect, end: () => pool.end() };
  }
  const pool = pgPool(secretId, { max: connections, credentials: { cache } });
  const connect = async () => {
    const connected = await pool.connect();
    return () => connected.release(true);
  };
  return { connect, end: () => pool.end() };
}

const pool = aPool();
const results = await Promise.allSettled(Array.from({ length: connections }, () => pool.connect()));
const report: ProcessReport = {
  connected: results.filter(({ status }) => status === 'fulfilled').length,
  errors: results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : [])),
};
process.stdout.write(`${JSON.stringify(report)}\n`);
for (const result of results) if (result.status === 'fulfilled') result.value();
await pool.end();
await cache.close();
client.destroy();
