import mysql from 'mysql2/promise';
import pg from 'pg';
import { MARIADB, POSTGRES, startServer } from './server.ts';

/** The database whose password rotates, as its administrator sees it. */
export interface Target {
  readonly engine: 'mysql' | 'postgres';
  readonly port: number;
  /** Makes a user that logs in with this password. */
  createUser(user: string, password: string): Promise<void>;
  setPassword(user: string, password: string): Promise<void>;
  setLocked(user: string, locked: boolean): Promise<void>;
  /** Log-ins that the server has refused so far, by its own count. */
  refusals(): Promise<number>;
  /** Log-ins that were begun so far, whatever became of them. */
  attempts(): Promise<number>;
  /** Folder of its socket and its certificate authority. */
  readonly folder: string;
  /** Everything the server has logged. */
  log(): string;
  /** Any statement of the administrator. */
  run(statement: string): Promise<void>;
  stop(): Promise<void>;
}

/** A MariaDB of the test's own. */
export async function mariadb(options: { readonly tls?: string } = {}): Promise<Target> {
  const server = await startServer(MARIADB, options);
  const admin = await mysql.createConnection({ host: '127.0.0.1', port: server.port, user: 'root' });
  const run = async (statement: string) => {
    await admin.query(statement);
  };
  await run('create database app');
  return {
    engine: 'mysql',
    port: server.port,
    folder: server.folder,
    log: server.log,
    run,
    createUser: async (user, password) => {
      await run(`create user '${user}'@'%' identified by '${password}'`);
      await run(`grant all on app.* to '${user}'@'%'`);
    },
    setPassword: (user, password) => run(`alter user '${user}'@'%' identified by '${password}'`),
    setLocked: (user, locked) => run(`alter user '${user}'@'%' account ${locked ? 'lock' : 'unlock'}`),
    refusals: async () => {
      const [rows] = await admin.query<mysql.RowDataPacket[]>(
        "show global status where variable_name = 'Access_denied_errors'",
      );
      return Number(rows[0]?.['Value']);
    },
    attempts: async () => {
      const [rows] = await admin.query<mysql.RowDataPacket[]>(
        "show global status where variable_name = 'Connections'",
      );
      return Number(rows[0]?.['Value']);
    },
    stop: async () => {
      await admin.end();
      await server.stop();
    },
  };
}

/** A PostgreSQL of the test's own. */
export async function postgres(options: { readonly tls?: string } = {}): Promise<Target> {
  const server = await startServer(POSTGRES, options);
  const admin = new pg.Client({
    host: server.folder,
    port: server.port,
    user: 'admin',
    database: 'postgres',
  });
  await admin.connect();
  await admin.query('create database app');
  await admin.end();
  const inside = new pg.Client({ host: server.folder, port: server.port, user: 'admin', database: 'app' });
  await inside.connect();
  const run = async (statement: string) => {
    await inside.query(statement);
  };
  await run('create schema app');
  await run('alter system set log_connections = on');
  await run('select pg_reload_conf()');
  return {
    engine: 'postgres',
    port: server.port,
    folder: server.folder,
    log: server.log,
    run,
    createUser: async (user, password) => {
      await run(`create role "${user}" login password '${password}'`);
      await run(`grant all on schema app to "${user}"`);
    },
    setPassword: (user, password) => run(`alter role "${user}" password '${password}'`),
    setLocked: (user, locked) => run(`alter role "${user}" ${locked ? 'nologin' : 'login'}`),
    refusals: async () => {
      // The server logs a moment after it answers.
      await new Promise((resolve) => setTimeout(resolve, 100));
      return server.log().split(/password authentication failed|is not permitted to log in/).length - 1;
    },
    attempts: async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return server.log().split('connection received').length - 1;
    },
    stop: async () => {
      await inside.end();
      await server.stop();
    },
  };
}
