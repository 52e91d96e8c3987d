import { inspect } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import { databaseSecret } from '../../../client/src/config/database-secret.ts';
import { loadConfig } from '../../../client/src/config/load-config.ts';
import type { StandardSchema } from '../../../client/src/config/standard-schema.ts';
import { aResponse, instantSource } from '../support/fake-source.ts';

const CANARY = 'canary-31d7';

function holding(value: unknown) {
  const SecretString = typeof value === 'string' ? value : JSON.stringify(value);
  const source = instantSource(({ secretId }) => aResponse({ Name: secretId, SecretString }));
  const cache = new SecretCache({ source });
  onTestFinished(() => cache.close());
  return { cache, source };
}

const failing = (cache: SecretCache, schema: StandardSchema) =>
  loadConfig(cache, 'orders/db', schema).catch((error: unknown) => error);

test('a configuration is typed by its schema, with the schema own defaults', async () => {
  const schema = z.object({ apiKey: z.string(), retries: z.number().default(3) });
  const { cache, source } = holding({ apiKey: CANARY, unknown: 1 });
  const config = await loadConfig(cache, 'payment', schema, { prefix: 'production/' });
  const { apiKey, retries }: { apiKey: string; retries: number } = config;
  expect({ apiKey, retries }).toEqual({ apiKey: CANARY, retries: 3 });
  expect(source.requests).toMatchObject([{ secretId: 'production/payment' }]);
  expect(`${inspect({ config }, { depth: 9 })}${JSON.stringify({ config })}`).not.toContain(CANARY);
});

test('a configuration that its schema froze prints no value either', async () => {
  const schema = z.object({ apiKey: z.string() }).readonly();
  const config = await loadConfig(holding({ apiKey: CANARY }).cache, 'payment', schema);
  expect(config.apiKey).toBe(CANARY);
  expect(`${inspect({ config }, { depth: 9 })}${JSON.stringify({ config })}`).not.toContain(CANARY);
});

test('a fault names the field and what is expected, and never a value', async () => {
  const { cache } = holding({ apiKey: 5, url: CANARY, deep: [{ port: CANARY }], mode: CANARY });
  const schema = z.object({
    apiKey: z.string(),
    url: z.url(),
    deep: z.array(z.object({ port: z.number() })),
    mode: z.enum(['a', 'b']),
  });
  const error = await failing(cache, schema);
  expect(error).toMatchObject({ name: 'SecretConfigError', secretId: 'orders/db' });
  expect(String(error)).toContain('apiKey must be string');
  expect(String(error)).toContain('deep.0.port must be number');
  expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(CANARY);
});

test('a schema that quotes the value in its messages is not quoted', async () => {
  const { cache } = holding({ password: CANARY });
  const quoting: StandardSchema = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: () => ({ issues: [{ message: `Received "${CANARY}"`, path: [{ key: 'password' }] }] }),
    },
  };
  const error = await failing(cache, quoting);
  expect(String(error)).toContain('password must be of another form');
  expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(CANARY);
});

test('text that is no JSON is an error of its own', async () => {
  const { cache } = holding(`${CANARY}, no JSON`);
  const error = await failing(cache, databaseSecret);
  expect(error).toMatchObject({ name: 'SecretFormatError' });
  expect(inspect(error)).not.toContain(CANARY);
});

test.each([
  [{ engine: 'mysql' }, { port: 3306 }],
  [
    { engine: 'postgres', port: '5433', dbname: 'app' },
    { port: 5433, dbname: 'app' },
  ],
  [
    { engine: 'aurora-mysql', host: 'cluster' },
    { port: 3306, host: 'cluster' },
  ],
  [{ engine: 'aurora-postgresql' }, { port: 5432 }],
  [
    { engine: 'sqlserver-ex', ssl: 'true' },
    { port: 1433, ssl: true },
  ],
  [
    { engine: 'mariadb', user: 'old', username: undefined, database: 'd' },
    { username: 'old', dbname: 'd' },
  ],
])('a database secret %j', async (fields, expected) => {
  const { cache } = holding({ username: 'app', password: 'p', host: 'db', ...fields });
  expect(await loadConfig(cache, 'orders/db', databaseSecret)).toMatchObject(expected);
});

test('a database secret names all its faults together', async () => {
  const { cache } = holding({ engine: 'other', password: 7, dbname: {}, host: '' });
  expect(String(await failing(cache, databaseSecret))).toBe(
    'SecretConfigError: Cannot use secret "orders/db" as configuration: port must be a number from 1 to 65535; ' +
      'dbname must be a text or left out; host must be a text; username must be a text; password must be a text',
  );
  for (const port of [true, [5432], '0x50', ' 5432', '', {}]) {
    const whole = { engine: 'postgres', host: 'db', username: 'app', password: 'p', port };
    expect(String(await failing(holding(whole).cache, databaseSecret))).toContain('port must be a number');
  }
  expect(String(await failing(holding('[]').cache, databaseSecret))).toContain('engine must be a text');
  expect(String(await failing(holding('null').cache, databaseSecret))).toContain(
    'the whole value must be an object',
  );
});

test.each([
  [
    'throws',
    (value: unknown) => {
      throw new Error(`Bad: ${JSON.stringify(value)}`);
    },
  ],
  ['rejects', (value: unknown) => Promise.reject(new TypeError(JSON.stringify(value)))],
])('a schema that %s is not quoted either', async (_how, validate) => {
  const { cache } = holding({ password: CANARY });
  const error = await failing(cache, { '~standard': { version: 1, vendor: 'test', validate } });
  expect(error).toMatchObject({ name: 'SecretConfigError' });
  expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(CANARY);
});

test('a schema may answer the same object again', async () => {
  const { cache } = holding({});
  const shared = { apiKey: CANARY };
  const schema = {
    '~standard': { version: 1 as const, vendor: 'test', validate: () => ({ value: shared }) },
  };
  for (const _again of [1, 2]) expect(inspect(await loadConfig(cache, 'payment', schema))).toBe('[redacted]');
});
