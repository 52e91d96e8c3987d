import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import pg from 'pg';
import type { DatabaseSecret } from '../config/database-secret.ts';
import { classifyPostgres } from '../connect/refusal.ts';
import { type Tls, tlsOf } from '../pools/tls.ts';
import { type DatabaseHandlerOptions, DatabaseRotationHandler, type Session } from './database-handler.ts';

/**
 * A rotation function for PostgreSQL. The server is given a verifier and never the password, so that no log of
 * statements holds it.
 *
 * @example
 * export const handler = postgresRotation({ strategy: 'single-user' }).handle;
 */
export const postgresRotation = (options: DatabaseHandlerOptions = {}): DatabaseRotationHandler =>
  new DatabaseRotationHandler(
    { engines: ['postgres', 'aurora-postgresql'], longestUser: 63, classify: classifyPostgres, logIn },
    options,
  );

async function logIn(secret: DatabaseSecret, tls: Tls | undefined): Promise<Session> {
  const { host, port, username: user, password, dbname = 'postgres' } = secret;
  const ssl = tlsOf(tls, secret.ssl, host);
  const client = new pg.Client({
    host,
    port,
    user,
    password,
    database: dbname,
    ssl,
    connectionTimeoutMillis: 5_000,
  });
  await client.connect();
  const role = (name: string) => client.escapeIdentifier(name);
  const verifier = (next: string) => client.escapeLiteral(scramVerifier(next));
  return {
    probe: async () => void (await client.query('select now()')),
    setOwnPassword: async (next) =>
      void (await client.query(`alter role ${role(user)} password ${verifier(next)}`)),
    setUser: async (name, next, like) => {
      const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [name]);
      const verb = rowCount === 0 ? 'create' : 'alter';
      await client.query(`${verb} role ${role(name)} login password ${verifier(next)}`);
      if (rowCount === 0) await client.query(`grant ${role(like)} to ${role(name)}`);
    },
    end: () => client.end(),
  };
}

const ITERATIONS = 4_096;

/**
 * Returns the verifier that PostgreSQL keeps of a password: RFC 5803 in PostgreSQL's spelling. Generated passwords are
 * ASCII.
 */
function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`;
}
