import type { Instant } from '../../calendar/instant.ts';
import { AwsError } from '../call/aws-error.ts';

/** An instance stands alone; a cluster is one of Aurora or DocumentDB. */
export type DatabaseKind = 'instance' | 'cluster';

/** A database, as tests and scenarios describe it. */
export interface NewDatabase {
  readonly identifier: string;
  readonly kind?: DatabaseKind;
  /** `mysql` when left out. */
  readonly engine?: string;
  /** Master user; `admin` when left out. */
  readonly masterUsername?: string;
  /** Names of the secrets that log in here. */
  readonly secrets?: readonly string[];
  /** Name of the secret by which RDS manages the master password. */
  readonly masterUserSecret?: string;
}

/** A database that exists. */
export interface Database extends Required<Omit<NewDatabase, 'masterUserSecret'>> {
  readonly masterUserSecret: string | undefined;
  readonly createdAt: Instant;
}

/** The databases of an account, of both kinds. */
export class Databases {
  readonly #byName = new Map<string, Database>();

  /** Makes a database, or replaces it. */
  place(given: NewDatabase, createdAt: Instant): Database {
    const placed: Database = {
      kind: 'instance',
      engine: 'mysql',
      masterUsername: 'admin',
      secrets: [],
      masterUserSecret: undefined,
      ...given,
      createdAt,
    };
    this.#byName.set(`${placed.kind} ${placed.identifier}`, placed);
    return placed;
  }

  /** The database with this name; fails as RDS does when there is none. */
  find(kind: DatabaseKind, identifier: string): Database {
    const found = this.#byName.get(`${kind} ${identifier}`);
    if (found !== undefined) return found;
    const [code, what] = NOT_FOUND[kind];
    throw new AwsError(code, `${what} ${identifier} not found.`, 404);
  }

  /** All of one kind, by name. */
  all(kind: DatabaseKind): readonly Database[] {
    return [...this.#byName.values()]
      .filter((each) => each.kind === kind)
      .sort((a, b) => (a.identifier < b.identifier ? -1 : 1));
  }
}

const NOT_FOUND: Readonly<Record<DatabaseKind, readonly [code: string, what: string]>> = {
  instance: ['DBInstanceNotFound', 'DBInstance'],
  cluster: ['DBClusterNotFoundFault', 'DBCluster'],
};
