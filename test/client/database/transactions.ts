import { expect } from 'vitest';
import type { RotatingSecret } from './rotating-secret.ts';
import type { Target } from './target.ts';

/** Runs one statement and answers its rows. */
export type Run = (statement: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** A database library's part of this test: one transaction, rolled back when the work throws. */
export interface Transactions {
  transact(work: (run: Run) => Promise<void>): Promise<void>;
  end(): Promise<unknown>;
}

/** Name of the connection that a statement runs on. */
const CONNECTION = { mysql: 'select connection_id() as id', postgres: 'select pg_backend_pid() as id' };

/**
 * A transaction that is open while the password changes, and others in the gap: each stays on one connection, what
 * throws leaves nothing behind, and what commits is there.
 */
export async function transactThroughTheGap(
  secret: RotatingSecret,
  target: Target,
  { transact, end }: Transactions,
): Promise<void> {
  const table = `items_${secret.user}`;
  await target.run(`create table if not exists app.${table} (name varchar(20))`);
  await target.run(
    `grant all on app.${table} to ${target.engine === 'mysql' ? `'${secret.user}'@'%'` : secret.user}`,
  );
  const insert = (name: string) => `insert into app.${table} values ('${name}')`;
  const inOne = async (names: readonly string[], during: () => Promise<void> = async () => undefined) => {
    const ids = new Set<unknown>();
    await transact(async (run) => {
      for (const name of names) {
        ids.add((await run(CONNECTION[target.engine]))[0]?.['id']);
        await run(insert(name));
      }
      await during();
      ids.add((await run(CONNECTION[target.engine]))[0]?.['id']);
    });
    expect([...ids]).toHaveLength(1);
    return [...ids][0];
  };
  const connections = new Set<unknown>();
  connections.add(
    await inOne(['before', 'open'], async () => {
      await secret.create();
      await secret.set();
      // The pool's other connections are new ones, and log in with the pending password.
      const others = await Promise.all([inOne(['gap 1']), inOne(['gap 2'])]);
      for (const other of others) connections.add(other);
      const fails = inOne(['lost'], () => Promise.reject(new Error('the work failed')));
      await expect(fails).rejects.toThrow('the work failed');
    }),
  );
  await secret.finish();
  await inOne(['after']);
  expect(connections.size).toBeGreaterThan(1);
  const names: unknown[] = [];
  await transact(async (run) => {
    for (const { name } of await run(`select name from app.${table} order by name`)) names.push(name);
  });
  expect(names).toEqual(['after', 'before', 'gap 1', 'gap 2', 'open']);
  await end();
}
