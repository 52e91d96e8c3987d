import { type CredentialOptions, logIn } from './with-credentials.ts';

/** The members of a Knex dialect that are used here. */
interface KnexClient {
  connectionSettings: object;
  acquireRawConnection(): Promise<unknown>;
}

/**
 * A dialect of Knex whose connections log in with the secret: pass it as `client`. Host, port and database are those
 * of Knex's `connection`; user and password come from the secret.
 *
 * @example
 * import PostgresDialect from 'knex/lib/dialects/postgres/index.js';
 * const db = knex({ client: rotatingKnexClient(PostgresDialect, 'orders/db'), connection: { host, database } });
 */
export function rotatingKnexClient<Base extends abstract new (...args: never[]) => object>(
  base: Base,
  secretId: string,
  options: CredentialOptions = {},
): Base {
  const dialect = base as unknown as new (...args: unknown[]) => KnexClient;
  class RotatingClient extends dialect {
    override acquireRawConnection(): Promise<unknown> {
      const connect = super.acquireRawConnection;
      return logIn(
        secretId,
        ({ username: user, password }) => {
          const { connectionSettings } = this;
          const login = { value: { ...connectionSettings, user, password } };
          return connect.call(Object.create(this, { connectionSettings: login }) as KnexClient);
        },
        options,
      );
    }
  }
  return RotatingClient as unknown as Base;
}
