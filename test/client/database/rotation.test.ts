import { randomUUID } from 'node:crypto';
import type { AddressInfo, Server } from 'node:net';
import { inspect } from 'node:util';
import driver from 'mysql2';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { mysqlRotation } from '../../../client/src/rotation/mysql.ts';
import { postgresRotation } from '../../../client/src/rotation/postgres.ts';
import { RehearsalSecrets } from '../../../client/src/testing/rehearsal-secrets.ts';
import { rehearse } from '../../../client/src/testing/rehearse.ts';
import { type Fields, type RehearseOptions, STEPS } from '../../../client/src/testing/stage.ts';
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
  await targets.postgres?.run("alter system set log_statement = 'all'");
  await targets.postgres?.run('select pg_reload_conf()');
});
afterAll(() => Promise.all([targets.mysql?.stop(), targets.postgres?.stop()]));

/** Stages a rehearsal on a real server; the user's name is one that has to be quoted. */
function onStage(target: Target, strategy: string): Omit<RehearseOptions, 'handler'> {
  const { port, engine } = target;
  const user = `o"b'${randomUUID().slice(0, 6)}`;
  const elsewhere = `elsewhere-${randomUUID().slice(0, 6)}`;
  const place = { engine, host: '127.0.0.1', port, dbname: 'app' };
  const quoted = (name: string) =>
    engine === 'mysql' ? `'${name.replaceAll("'", "''")}'@'%'` : `"${name.replaceAll('"', '""')}"`;
  const reset = async () => {
    for (const name of [user, `${user}_clone`, elsewhere])
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
  const alternates = strategy === 'alternating-users';
  const secret = { ...place, username: user, password: FIRST, masterarn: MASTER };
  const master = { ...place, username: 'master', password: PASSWORD };
  return {
    secret,
    otherSecrets: { [MASTER]: JSON.stringify(master) },
    database: { reset, accepts },
    // The same server by another name.
    elsewhere: { username: elsewhere, host: 'localhost' },
    otherUser: master,
    usesPrevious: !alternates,
    wrongSecrets: [
      { ...secret, engine: 'oracle' },
      ...(alternates ? [{ ...secret, masterarn: undefined }] : []),
    ],
    wrongOtherSecrets: alternates
      ? [{ host: 'localhost' }, { password: 'wrong' }].map((fields) => ({
          [MASTER]: JSON.stringify({ ...master, ...fields }),
        }))
      : [],
  };
}

const HANDLERS = { mysql: mysqlRotation, postgres: postgresRotation };
/** PostgreSQL alone is given a verifier in the place of a password. */
const UNLOGGED = { mysql: '', postgres: ', and no log holds a password that was set' };

for (const engine of ['mysql', 'postgres'] as const)
  for (const strategy of ['single-user', 'alternating-users'] as const)
    test.concurrent(`the ready handler keeps all promises${UNLOGGED[engine]}: ${engine}, ${strategy}`, async (context) => {
      const target = targets[engine];
      if (target === undefined) return context.skip(`no server for ${engine} is installed`);
      const passwordFrom = strategy === 'single-user' ? 'secrets-manager' : 'crypto';
      const { database, ...stage } = onStage(target, strategy);
      const passwords = new Set<string>();
      const accepts = async (secret: Fields) => {
        passwords.add(String(secret['password']));
        return database.accepts(secret);
      };
      const { broken, checked } = await rehearse({
        handler: (client, log) => HANDLERS[engine]({ client, log, strategy, passwordFrom }).handle,
        ...stage,
        database: { ...database, accepts },
      });
      expect(broken).toEqual([]);
      expect(checked.length).toBeGreaterThan(25);
      if (engine === 'postgres') expectUnlogged(target.log(), passwords);
    });

/** Expects that a log of all statements holds none of the passwords, but for the one that the test itself sets. */
function expectUnlogged(log: string, passwords: ReadonlySet<string>): void {
  const set = [...passwords].filter((password) => password !== FIRST);
  expect(set.length).toBeGreaterThan(3);
  expect(log).toMatch(/statement: alter role .* password 'SCRAM-SHA-256/);
  expect(set.filter((password) => log.includes(password))).toEqual([]);
}

/** Each makes a password of its own by chance. */
const ROTATIONS = 12;

/** Ways in which an administrator may have changed how a server reads statements. */
const DIALECTS = [
  ['mysql', "set global sql_mode = 'NO_BACKSLASH_ESCAPES'", 'set global sql_mode = default'],
  ['mysql', "set global sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'", 'set global sql_mode = default'],
  ['mysql', "set global sql_mode = 'ORACLE'", 'set global sql_mode = default'],
  ['postgres', 'alter system set standard_conforming_strings = off', 'alter system reset all'],
  ['postgres', 'alter system set backslash_quote = off', 'alter system reset all'],
] as const;

for (const strategy of ['single-user', 'alternating-users'] as const)
  test.for(DIALECTS)(
    `passwords with quotes and backslashes are set as they are: ${strategy}, %s, %s`,
    async ([engine, change, undo], context) => {
      const target = targets[engine];
      if (target === undefined) return context.skip(`no server for ${engine} is installed`);
      const speak = async (statement: string) => {
        await target.run(statement);
        if (engine === 'postgres') await target.run('select pg_reload_conf()');
      };
      await speak(change);
      onTestFinished(() => speak(undo));
      const { database, secret, otherSecrets = {} } = onStage(target, strategy);
      await database.reset();
      const secrets = new RehearsalSecrets(JSON.stringify(secret), otherSecrets);
      const password = { length: 24, classes: ["'", '\\', '"', '`', '$%?', 'abc'], exclude: '' };
      const { handle } = HANDLERS[engine]({
        client: secrets.client(),
        log: () => undefined,
        strategy,
        password,
      });
      for (let rotation = 1; rotation <= ROTATIONS; rotation++) {
        const token = `token-${rotation}`;
        secrets.begin(token);
        for (const Step of STEPS)
          await handle({ Step, SecretId: secrets.secretId, ClientRequestToken: token });
        const { id, text = '' } = secrets.at('AWSCURRENT') ?? {};
        expect(id).toBe(token);
        expect(await database.accepts(JSON.parse(text) as Fields)).toBe(true);
      }
    },
  );

test.for([0, 1])(
  'the other user of MariaDB gets the same rights, also where names are quoted at need: %i',
  async (quotes, context) => {
    const { mysql: target } = targets;
    if (target === undefined) return context.skip('no server for mysql is installed');
    await target.run(`set global sql_quote_show_create = ${quotes}`);
    onTestFinished(() => target.run('set global sql_quote_show_create = 1'));
    const username = `plain${quotes}`;
    await target.run(`create role reader${quotes}`);
    await target.run(`grant reader${quotes} to master with admin option`);
    await target.createUser(username, FIRST);
    await target.run(`grant reader${quotes} to ${username} with admin option`);
    await target.run(`set default role reader${quotes} for ${username}`);
    await target.run(`grant select on app.* to ${username} with grant option max_queries_per_hour 500`);
    await target.run(`grant select on \`we?ird\`.* to ${username}`);
    const place = { engine: 'mysql', host: '127.0.0.1', port: target.port };
    const master = JSON.stringify({ ...place, username: 'master', password: PASSWORD });
    const secret = JSON.stringify({ ...place, username, password: FIRST, masterarn: MASTER });
    const secrets = new RehearsalSecrets(secret, { [MASTER]: master });
    secrets.begin('token-2');
    const client = secrets.client();
    const { handle } = mysqlRotation({ client, log: () => undefined, strategy: 'alternating-users' });
    for (const Step of ['createSecret', 'setSecret'])
      await handle({ Step, SecretId: secrets.secretId, ClientRequestToken: 'token-2' });
    const grantsOf = async (text: string | undefined) => {
      const { username: user = '', password = '' }: Record<string, string> = JSON.parse(text ?? '');
      const session = await mysql.createConnection({ host: '127.0.0.1', port: target.port, user, password });
      const [grants] = await session.query<mysql.RowDataPacket[]>('show grants');
      const [[role]] = await session.query<mysql.RowDataPacket[]>('select current_role() as role');
      await session.end();
      const lines = grants.map((grant) => String(Object.values(grant)[0]));
      const common = lines.map((line) => line.replaceAll(`${user}`, 'USER').replace(/PASSWORD '.*?'/, ''));
      return {
        role: role?.['role'] as unknown,
        grants: common.map((line) => line.replace(/ WITH MAX_\w+ \d+/, '')),
      };
    };
    const before = await grantsOf(secrets.at('AWSCURRENT')?.text);
    expect(before.role).toBe(`reader${quotes}`);
    expect(await grantsOf(secrets.at('AWSPENDING')?.text)).toEqual(before);
  },
);

/**
 * A server that speaks as MySQL 8.4 does: it refuses the first log-in and answers every statement, or refuses those that
 * set a password.
 */
async function likeMysql(refusal?: string): Promise<{ port: number; statements: readonly string[] }> {
  const statements: string[] = [];
  let logIns = 0;
  const server = driver.createServer((connection) => {
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: '8.4.0',
      connectionId: 1,
      statusFlags: 2,
      characterSet: 8,
      capabilityFlags: 0xffffff,
      authCallback: (_login: unknown, answer: (error: null, refusal?: object) => void) =>
        answer(null, logIns++ === 0 ? { message: 'Access denied', code: 1045 } : undefined),
    });
    connection.on('error', () => undefined);
    const answer = (write: () => void) => {
      const packets = connection as unknown as { sequenceId: number };
      packets.sequenceId = 1;
      write();
      packets.sequenceId = 0;
    };
    // The driver's server takes SET for a statement that is prepared.
    connection.on('stmt_prepare', () => answer(() => connection.writeOk()));
    connection.on('query', (statement: string) => {
      statements.push(statement);
      if (statement.startsWith('alter') && refusal !== undefined)
        return answer(() => connection.writeError({ message: refusal, code: 1819 }));
      if (!statement.startsWith('select')) return answer(() => connection.writeOk());
      const column = {
        catalog: 'def',
        schema: '',
        table: '',
        orgTable: '',
        name: 'version',
        orgName: 'version',
      };
      const type = { characterSet: 33, columnLength: 20, columnType: 253, flags: 0, decimals: 0 };
      return answer(() => connection.writeTextResult([{ version: '8.4.0' }], [{ ...column, ...type }]));
    });
  });
  const { _server: socket } = server as unknown as { readonly _server: Server };
  await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void socket.close());
  return { port: (socket.address() as AddressInfo).port, statements };
}

test('fields that a rotation does not change stay as they are written', async () => {
  const text = `{"engine":"mysql","host":"db","username":"app","password":"${FIRST}","id":12345678901234567890,"rate":1.0}`;
  const secrets = new RehearsalSecrets(text, {});
  secrets.begin('token-2');
  const { handle } = mysqlRotation({ client: secrets.client(), log: () => undefined });
  await handle({ Step: 'createSecret', SecretId: secrets.secretId, ClientRequestToken: 'token-2' });
  const pending = secrets.at('AWSPENDING')?.text ?? '';
  const { password } = JSON.parse(pending) as { password: string };
  expect(pending).toBe(text.replace(JSON.stringify(FIRST), JSON.stringify(password)));
});

test.each([
  [true, / retain current password$/],
  [false, /identified by '[^']+'$/],
])('MySQL keeps the old password where that is wished: %s', async (retainCurrentPassword, statement) => {
  const { port, statements } = await likeMysql();
  const secret = { engine: 'mysql', host: '127.0.0.1', port, username: 'app', password: FIRST };
  const secrets = new RehearsalSecrets(JSON.stringify(secret), {});
  secrets.begin('token-2');
  const { handle } = mysqlRotation({ client: secrets.client(), log: () => undefined, retainCurrentPassword });
  for (const Step of ['createSecret', 'setSecret'])
    await handle({ Step, SecretId: secrets.secretId, ClientRequestToken: 'token-2' });
  const [alter = ''] = statements.filter((each) => each.startsWith('alter user current_user()'));
  expect(alter).toMatch(statement);
});

test('a statement that the server refuses is not quoted, as it holds a password', async () => {
  const { port, statements } = await likeMysql(
    'Your password does not satisfy the current policy requirements',
  );
  const secret = { engine: 'mysql', host: '127.0.0.1', port, username: 'app', password: FIRST };
  const secrets = new RehearsalSecrets(JSON.stringify(secret), {});
  secrets.begin('token-2');
  const { handle } = mysqlRotation({ client: secrets.client(), log: () => undefined });
  const run = (Step: string) => handle({ Step, SecretId: secrets.secretId, ClientRequestToken: 'token-2' });
  await run('createSecret');
  const error: unknown = await run('setSecret').catch((thrown: unknown) => thrown);
  expect(statements.at(-1)).toMatch(/identified by/);
  const { password } = JSON.parse(secrets.at('AWSPENDING')?.text ?? '') as { password: string };
  expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(password);
  expect(error).toMatchObject({ name: 'RotationError', message: expect.stringContaining('(1819)') });
});
