import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import { rotatingPool } from '../../../client/src/mysql2.ts';

/** What a process of the test is told. */
export interface ProcessOrders {
  readonly endpoint: string;
  readonly secretId: string;
  readonly connections: number;
}

/** What it answers. */
export interface ProcessReport {
  readonly connected: number;
  readonly errors: readonly string[];
}

const { endpoint, secretId, connections } = JSON.parse(process.argv[2] ?? '') as ProcessOrders;
const credentials = { accessKeyId: 'application', secretAccessKey: 'simulated' };
const client = new SecretsManagerClient({ endpoint, region: 'eu-west-1', credentials });
const cache = new SecretCache({ client });
const pool = rotatingPool(secretId, { connectionLimit: connections, credentials: { cache } }).promise();

const results = await Promise.allSettled(Array.from({ length: connections }, () => pool.getConnection()));
const report: ProcessReport = {
  connected: results.filter(({ status }) => status === 'fulfilled').length,
  errors: results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : [])),
};
process.stdout.write(`${JSON.stringify(report)}\n`);
for (const result of results) if (result.status === 'fulfilled') result.value.destroy();
await pool.end();
await cache.close();
client.destroy();
