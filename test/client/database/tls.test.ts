import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { rotatingPool as mysqlPool } from '../../../client/src/mysql2.ts';
import { rotatingPool as pgPool } from '../../../client/src/pg.ts';
import type { Tls } from '../../../client/src/pools/tls.ts';
import { mysqlRotation } from '../../../client/src/rotation/mysql.ts';
import { postgresRotation } from '../../../client/src/rotation/postgres.ts';
import { RehearsalSecrets } from '../../../client/src/testing/rehearsal-secrets.ts';
import { aSimulator } from '../../support/simulated.ts';
import { aRotatingSecret, type RotatingSecret } from './rotating-secret.ts';
import { MARIADB, missing, POSTGRES } from './server.ts';
import { mariadb, postgres } from './target.ts';

/** Answers whether the session is encrypted. */
type Ask = (secret: RotatingSecret, host: string, tls: Tls | undefined) => Promise<boolean>;

const askMysql: Ask = async ({ secretId, cache }, host, tls) => {
  const credentials = { cache: cache(), budgetMs: 1_000 };
  const pool = mysqlPool(secretId, { host, tls, credentials }).promise();
  try {
    const [rows] = await pool.query("show session status like 'Ssl_cipher'");
    return (rows as { Value: string }[])[0]?.Value !== '';
  } finally {
    await pool.end();
  }
};

const askPostgres: Ask = async ({ secretId, cache }, host, tls) => {
  const pool = pgPool(secretId, { host, tls, credentials: { cache: cache(), budgetMs: 1_000 } });
  try {
    const { rows } = await pool.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
    return (rows as { ssl: boolean }[])[0]?.ssl === true;
  } finally {
    await pool.end();
  }
};

const ENGINES = {
  MariaDB: { kind: MARIADB, start: mariadb, ask: askMysql, rotation: mysqlRotation },
  PostgreSQL: { kind: POSTGRES, start: postgres, ask: askPostgres, rotation: postgresRotation },
} as const;

test.for(Object.entries(ENGINES))(
  'certificates of a bundle are verified, and nothing falls back to plain text: %s',
  async ([, { kind, start, ask, rotation }], context) => {
    const reason = missing(kind);
    if (reason !== undefined) return context.skip(reason);
    const target = await start({ tls: 'localhost' });
    onTestFinished(() => target.stop());
    const ca = readFileSync(`${target.folder}/ca.pem`, 'utf8');
    const secret = await aRotatingSecret(aSimulator(), target);
    expect(await ask(secret, 'localhost', { ca })).toBe(true);
    // The secret's server is on this machine, and its secret says nothing: plain text.
    expect(await ask(secret, '127.0.0.1', undefined)).toBe(false);
    // An authority that is not known, though the server would take plain text as well.
    await expect(ask(secret, 'localhost', {})).rejects.toThrow(/certificate/);
    await secret.create({ ssl: true });
    await secret.set();
    await secret.finish();
    await expect(ask(secret, 'localhost', undefined)).rejects.toThrow(/certificate/);
    // Rotation functions go by the same rules.
    const place = { engine: target.engine, host: 'localhost', port: target.port, dbname: 'app' };
    const value = { ...place, username: secret.user, password: secret.password(), ssl: 'true' };
    const secrets = new RehearsalSecrets(JSON.stringify(value), {});
    secrets.begin('token-2');
    const event = { SecretId: secrets.secretId, ClientRequestToken: 'token-2' };
    const step = (Step: string, tls: Tls | undefined) =>
      rotation({ client: secrets.client(), log: () => undefined, tls }).handle({ ...event, Step });
    await step('createSecret', undefined);
    await expect(step('setSecret', undefined)).rejects.toThrow(/certificate/);
    await step('setSecret', { ca });
    await step('testSecret', { ca });
  },
);

test('mysql2 takes no certificate of another host, which it would by itself', async (context) => {
  const reason = missing(MARIADB);
  if (reason !== undefined) return context.skip(reason);
  const target = await mariadb({ tls: 'db.example.com' });
  onTestFinished(() => target.stop());
  const ca = readFileSync(`${target.folder}/ca.pem`, 'utf8');
  const secret = await aRotatingSecret(aSimulator(), target);
  await expect(askMysql(secret, 'localhost', { ca })).rejects.toThrow(/altnames/);
  expect(await askMysql(secret, 'localhost', { ca, verifyIdentity: false })).toBe(true);
});
