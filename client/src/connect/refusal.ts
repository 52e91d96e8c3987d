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

/** Fields that an error of a driver may carry. All of it is untrusted. */
interface DriverError {
  readonly errno?: unknown;
  readonly code?: unknown;
  readonly routine?: unknown;
  readonly message?: unknown;
  readonly status?: unknown;
  readonly statusCode?: unknown;
}

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

/** Classifies an error of a MySQL or MariaDB driver. */
export const classifyMysql: Classify = (error) => BY_ERRNO.get(faultOf(error).errno) ?? 'other';

/**
 * Classifies an error of a PostgreSQL driver: 28P01 is a wrong password. 28000 is a role without LOGIN when the
 * session's user was looked at; the same code of pg_hba.conf says nothing about the password.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export const classifyPostgres: Classify = (error) => {
  const { code, routine } = faultOf(error);
  if (code === '28P01') return 'refused';
  return code === '28000' && routine === 'InitializeSessionUserId' ? 'locked' : 'other';
};

/** Classifies an error of a Redis client: `WRONGPASS` is the code at the beginning of the message. */
export const classifyRedis: Classify = (error) => {
  const { code, message } = faultOf(error);
  return code === 'WRONGPASS' || String(message).startsWith('WRONGPASS') ? 'refused' : 'other';
};

/** Classifies an error of an HTTP client that carries a status: 401. */
export const classifyHttp: Classify = (error) => {
  const { status, statusCode } = faultOf(error);
  return status === 401 || statusCode === 401 ? 'refused' : 'other';
};

/** Classifies an error of any of these; their numbers and codes do not meet. */
export const classifyAny: Classify = (error) => {
  for (const classify of [classifyMysql, classifyPostgres, classifyRedis, classifyHttp]) {
    const refusal = classify(error);
    if (refusal !== 'other') return refusal;
  }
  return 'other';
};

const faultOf = (error: unknown): DriverError => (typeof error === 'object' && error !== null ? error : {});
