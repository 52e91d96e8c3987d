import { errorsIn, fieldOf } from '../wrapped-errors.ts';

/** The meaning of a log-in's error for the credentials. Only `refused` moves on to others. */
export type Refusal =
  /** The server does not accept this password or token. */
  | 'refused'
  /** The account may not log in with any password for now. */
  | 'locked'
  /** Anything else: the network, the server, the application. */
  | 'other';

/** Decides what an error says about the credentials. */
export type Classify = (error: unknown) => Refusal;

/**
 * By number: mysql2 names MariaDB's 4150 and 4151 after errors of MySQL.
 * 1045 access denied, 3118 account locked, 3955 blocked after failed log-ins (MySQL), 4150 blocked by
 * max_password_errors, 4151 account locked (MariaDB).
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 * https://mariadb.com/docs/server/reference/error-codes/mariadb-error-code-reference
 */
const BY_ERRNO: ReadonlyMap<unknown, Refusal> = new Map([
  [1045, 'refused'],
  [3118, 'locked'],
  [3955, 'locked'],
  [4150, 'locked'],
  [4151, 'locked'],
]);

/** Reads a field of an error. All of it is untrusted. */
type Read = (name: string) => unknown;

/**
 * Judges an error and those that a library has wrapped in it. An account that is locked outweighs a refusal, as a
 * further try may prolong the lock.
 */
const throughWrappers =
  (judge: (read: Read) => Refusal): Classify =>
  (error) => {
    const found = errorsIn(error).map((one) => judge((name) => fieldOf(one, name)));
    return (['locked', 'refused'] as const).find((refusal) => found.includes(refusal)) ?? 'other';
  };

const judgeMysql = (read: Read): Refusal => BY_ERRNO.get(read('errno')) ?? 'other';

function judgePostgres(read: Read): Refusal {
  const code = read('code');
  if (code === '28P01') return 'refused';
  return code === '28000' && read('routine') === 'InitializeSessionUserId' ? 'locked' : 'other';
}

function judgeRedis(read: Read): Refusal {
  const message = read('message');
  const wrong = typeof message === 'string' && message.startsWith('WRONGPASS');
  return wrong || read('code') === 'WRONGPASS' ? 'refused' : 'other';
}

const judgeHttp = (read: Read): Refusal =>
  read('status') === 401 || read('statusCode') === 401 ? 'refused' : 'other';

/** Classifies an error of a MySQL or MariaDB driver. */
export const classifyMysql: Classify = throughWrappers(judgeMysql);

/**
 * Classifies an error of a PostgreSQL driver: 28P01 is a wrong password. 28000 is a role without LOGIN when the
 * session's user was looked at; the same code of pg_hba.conf says nothing about the password.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export const classifyPostgres: Classify = throughWrappers(judgePostgres);

/** Classifies an error of a Redis client: `WRONGPASS` is the code at the beginning of the message. */
export const classifyRedis: Classify = throughWrappers(judgeRedis);

/** Classifies an error of an HTTP client that carries a status: 401. */
export const classifyHttp: Classify = throughWrappers(judgeHttp);

/** Classifies an error of any of these, also one that a library has wrapped; their numbers and codes do not meet. */
export const classifyAny: Classify = throughWrappers((read) => {
  const found = [judgeMysql, judgePostgres, judgeRedis, judgeHttp].map((judge) => judge(read));
  return found.find((refusal) => refusal !== 'other') ?? 'other';
});
