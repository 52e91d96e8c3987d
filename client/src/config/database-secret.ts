import type { StandardSchema } from './standard-schema.ts';

/** The secret of a database, in the form of AWS's rotation functions. */
export interface DatabaseSecret {
  readonly engine: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly dbname: string | undefined;
  readonly ssl: boolean | undefined;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html */
const PORTS: Readonly<Record<string, number>> = {
  mysql: 3306,
  mariadb: 3306,
  postgres: 5432,
  postgresql: 5432,
  sqlserver: 1433,
  oracle: 1521,
  mongo: 27_017,
  redshift: 5439,
  db2: 50_000,
};

/** Older names of fields, which other tools still write. */
export const OLDER: Readonly<Record<string, readonly string[]>> = {
  username: ['user'],
  host: ['hostname', 'server'],
  dbname: ['database', 'dbName', 'db'],
};

type Fields = Readonly<Record<string, unknown>>;
interface Fault {
  readonly message: string;
  readonly path: readonly string[];
  readonly expected: string;
}

/**
 * A schema for `loadConfig`: the fields of AWS's database secrets. The port defaults to the engine's, a port in text
 * is a number, older names of fields are known, and unknown fields are left out.
 */
export const databaseSecret: StandardSchema<DatabaseSecret> = {
  '~standard': {
    version: 1,
    vendor: 'secret-rotation-client',
    validate: (value) => {
      if (typeof value !== 'object' || value === null) return { issues: [fault('', 'an object')] };
      const { secret, faults } = parse(value as Fields);
      return faults.length > 0 ? { issues: faults } : { value: secret };
    },
  },
};

function parse(fields: Fields): { secret: DatabaseSecret; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const raw = (name: string) =>
    [name, ...(OLDER[name] ?? [])].map((key) => fields[key]).find((found) => found != null);
  const text = (name: string) => {
    const found = raw(name);
    if (typeof found === 'string' && found !== '') return found;
    faults.push(fault(name, 'a text'));
    return '';
  };
  const engine = text('engine');
  const port = numberOf(raw('port') ?? PORTS[engine.replace(/^aurora-/, '').split('-')[0] ?? '']);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    faults.push(fault('port', 'a number from 1 to 65535'));
  const dbname = raw('dbname');
  if (dbname !== undefined && typeof dbname !== 'string') faults.push(fault('dbname', 'a text or left out'));
  const ssl = raw('ssl');
  const secret = {
    engine,
    host: text('host'),
    port,
    username: text('username'),
    password: text('password'),
    dbname: typeof dbname === 'string' ? dbname : undefined,
    ssl: ssl === undefined ? undefined : String(ssl).toLowerCase() === 'true',
  };
  return { secret, faults };
}

/** A number, also one that is written as text; NaN for everything else. */
const numberOf = (value: unknown): number =>
  typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))
    ? Number(value)
    : Number.NaN;

const fault = (name: string, expected: string): Fault => ({
  message: `Expected ${expected}`,
  path: name === '' ? [] : [name],
  expected,
});
