import { randomUUID } from 'node:crypto';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mysqlRotation } from '../../../client/src/rotation/mysql.ts';
import { postgresRotation } from '../../../client/src/rotation/postgres.ts';
import { type RehearseOptions, rehearse } from '../../../client/src/testing/rehearse.ts';
import { MARIADB, missing, POSTGRES } from './server.ts';
import { mariadb, postgres, type Target } from './target.ts';

const MASTER = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:master-AbCdEf';
const PASSWORD = 'master-password-1';
const FIRST = 'the-first-password';

const targets: { mysql?: Target; postgres?: Target } = {};
beforeAll(async () => {
  if (missing(MARIADB) === undefined) targets.mysql = await mariadb();
  if (missing(POSTGRES) === undefined) targets.postgres = await postgres();
  await targets.mysql?.run(`create user 'master'@'%' identified by '${PASSWORD}'`);
  await targets.mysql?.run("grant all on *.* to 'master'@'%' with grant option");
  await targets.postgres?.run(`create role master login superuser password '${PASSWORD}'`);
});
afterAll(() => Promise.all([targets.mysql?.stop(), targets.postgres?.stop()]));

/** What a rehearsal needs of a real server; the user's name is one that has to be quoted. */
function onStage(target: Target): Pick<RehearseOptions, 'secret' | 'otherSecrets' | 'database'> {
  const { port, engine } = target;
  const user = `o"b'${randomUUID().slice(0, 6)}`;
  const place = { engine, host: '127.0.0.1', port, dbname: 'app' };
  const quoted = (name: string) =>
    engine === 'mysql' ? `'${name.replaceAll("'", "''")}'@'%'` : `"${name.replaceAll('"', '""')}"`;
  const reset = async () => {
    for (const name of [user, `${user}_clone`])
      if (engine === 'mysql') await target.run(`drop user if exists ${quoted(name)}`);
      else {
        await target.run(`drop owned by ${quoted(name)}`).catch(() => undefined);
        await target.run(`drop role if exists ${quoted(name)}`);
      }
    if (engine === 'mysql') {
      await target.run(`create user ${quoted(user)} identified by '${FIRST}'`);
      await target.run(`grant select, insert on app.* to ${quoted(user)}`);
    } else await target.run(`create role ${quoted(user)} login password '${FIRST}'`);
  };
  const accepts = async ({ username, password }: Readonly<Record<string, unknown>>) => {
    const login = {
      host: '127.0.0.1',
      port,
      database: 'app',
      user: String(username),
      password: String(password),
    };
    try {
      if (engine === 'mysql') await (await mysql.createConnection(login)).end();
      else {
        const client = new pg.Client(login);
        await client.connect();
        await client.end();
      }
      return true;
    } catch {
      return false;
    }
  };
  return {
    secret: { ...place, username: user, password: FIRST, masterarn: MASTER },
    otherSecrets: { [MASTER]: JSON.stringify({ ...place, username: 'master', password: PASSWORD }) },
    database: { reset, accepts },
  };
}

const HANDLERS = { mysql: mysqlRotation, postgres: postgresRotation };

for (const engine of ['mysql', 'postgres'] as const)
  for (const strategy of ['single-user', 'alternating-users'] as const)
    test(`the ready handler keeps all promises: ${engine}, ${strategy}`, async (context) => {
      const target = targets[engine];
      if (target === undefined) return context.skip(`no server for ${engine} is installed`);
      const { broken, checked } = await rehearse({
        handler: (client, log) => HANDLERS[engine]({ client, log, strategy }).handle,
        ...onStage(target),
      });
      expect(broken).toEqual([]);
      expect(checked.length).toBeGreaterThan(25);
    });
