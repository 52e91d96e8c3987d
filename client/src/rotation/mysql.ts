import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import type { DatabaseSecret } from '../config/database-secret.ts';
import { classifyMysql } from '../connect/refusal.ts';
import { type Tls, tlsOf } from '../pools/tls.ts';
import { type DatabaseHandlerOptions, DatabaseRotationHandler, type Session } from './database-handler.ts';
import { RotationError } from './rotation-handler.ts';

/** Options of the handler for MySQL and MariaDB. */
export interface MysqlHandlerOptions extends DatabaseHandlerOptions {
  /** MySQL ≥ 8.0.14 accepts the old password too until the next rotation: no gap. @default false */
  readonly retainCurrentPassword?: boolean | undefined;
}

/**
 * A rotation function for MySQL and MariaDB.
 *
 * @example
 * export const handler = mysqlRotation({ strategy: 'single-user' }).handle;
 */
export const mysqlRotation = (options: MysqlHandlerOptions = {}): DatabaseRotationHandler =>
  new DatabaseRotationHandler(
    {
      engines: ['mysql', 'mariadb', 'aurora-mysql'],
      longestUser: 32,
      classify: classifyMysql,
      logIn: (secret, tls) => logIn(secret, tls, options.retainCurrentPassword === true),
    },
    options,
  );

async function logIn(secret: DatabaseSecret, tls: Tls | undefined, retain: boolean): Promise<Session> {
  const { host, port, username, password, dbname } = secret;
  const ssl = tlsOf(tls, secret.ssl, host);
  const connection = await mysql.createConnection({
    host,
    port,
    user: username,
    password,
    connectTimeout: 5_000,
    ...(dbname !== undefined && { database: dbname }),
    ...(ssl !== false && { ssl: ssl as mysql.SslOptions }),
  });
  await speakPlainly(connection);
  const suffix = retain ? ' retain current password' : '';
  return {
    probe: async () => void (await connection.query('select now()')),
    setOwnPassword: async (next) => {
      // MariaDB lets a user without further rights change its own password by SET PASSWORD alone.
      const [[row]] = await connection.query<RowDataPacket[]>('select version() as version');
      const statement = String(row?.['version']).includes('MariaDB')
        ? 'set password = password(?)'
        : `alter user current_user() identified by ?${suffix}`;
      await setPassword(connection, statement, [next]);
    },
    setUser: (user, next, like) => setUser(connection, user, next, like),
    end: () => connection.end(),
  };
}

/**
 * Lets the session read quotes and backslashes as the driver writes them, and answer grants in one spelling, whatever
 * the server's own modes are: https://mariadb.com/docs/server/server-management/variables-and-modes/sql_mode
 */
async function speakPlainly(connection: Connection): Promise<void> {
  try {
    await connection.query("set session sql_mode = '', session sql_quote_show_create = 1");
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

/** Runs a statement that holds a password. The driver's error quotes the statement. */
async function setPassword(connection: Connection, statement: string, values: string[]): Promise<void> {
  try {
    await connection.query(statement, values);
  } catch (error) {
    const { code, errno } = error as { readonly code?: unknown; readonly errno?: unknown };
    const number = errno === undefined ? '' : ` (${String(errno)})`;
    throw new RotationError(
      `Cannot set the password of a database user: ${String(code ?? 'unknown')}${number}`,
    );
  }
}

/** The statement that gives another account what a line of SHOW GRANTS says. */
function givenTo(account: string, line: string): string | undefined {
  const [, rights, option] = GRANT.exec(line) ?? [];
  if (rights !== undefined) return `${rights}${account}${option === undefined ? '' : ` WITH ${option}`}`;
  const [, change] = CHANGE.exec(line) ?? [];
  return change && `${change}${account}`;
}

const GRANT = /^(GRANT .+ TO )[`'].*?(?: WITH .*?\b((?:GRANT|ADMIN) OPTION).*)?$/s;
/** A default role is listed by MariaDB alone, a right that is taken away in part by MySQL alone. */
const CHANGE = /^(SET DEFAULT ROLE .+ FOR |REVOKE .+ FROM )[`']/s;

/** A user is a name and a host; the other user gets the same hosts and the same grants. */
async function setUser(connection: Connection, user: string, password: string, like: string): Promise<void> {
  const [accounts] = await connection.query<RowDataPacket[]>(
    'select host as host from mysql.user where user = ?',
    [like],
  );
  for (const { host } of accounts) {
    for (const statement of ['create user if not exists', 'alter user'])
      await setPassword(connection, `${statement} ?@? identified by ?`, [user, host, password]);
    const [grants] = await connection.query<RowDataPacket[]>('show grants for ?@?', [like, host]);
    for (const grant of grants) {
      const account = `${connection.escape(user)}@${connection.escape(host)}`;
      const statement = givenTo(account, String(Object.values(grant)[0]));
      if (statement !== undefined) await connection.query(statement);
    }
  }
}
