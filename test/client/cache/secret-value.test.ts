import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import { type SecretResponse, SecretValue } from '../../../client/src/cache/secret-value.ts';
import { aResponse, instantSource } from '../support/fake-source.ts';

const CANARY = 'canary-5b1f';
const printed = (value: unknown) =>
  [
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
    JSON.stringify(value),
    String(value),
    Object.entries(value as object).join(),
  ].join('\n');

test.each([
  ['text', { SecretString: `{"password":"${CANARY}"}` }],
  ['bytes', { SecretString: undefined, SecretBinary: new TextEncoder().encode(CANARY) }],
] satisfies [string, Partial<SecretResponse>][])(
  'nothing that prints a value of %s shows it',
  async (_kind, secret) => {
    const value = new SecretValue(aResponse(secret));
    expect(printed(value)).toContain('[redacted]');
    for (const text of [printed(value), printed({ deep: [{ value }] })]) {
      expect(text).not.toContain(CANARY);
      expect(text).not.toContain([...new TextEncoder().encode(CANARY)].slice(0, 4).join(','));
    }
    const cache = new SecretCache({ source: instantSource(() => aResponse(secret)) });
    await cache.get('orders/db');
    expect(printed(cache)).not.toContain(CANARY);
    await cache.close();
  },
);

test('the fields are those of GetSecretValue', () => {
  const response = aResponse();
  const { ARN, Name, VersionId, VersionStages, CreatedDate, SecretString, SecretBinary } = new SecretValue(
    response,
  );
  expect({ ARN, Name, VersionId, VersionStages, CreatedDate, SecretString }).toEqual(response);
  expect(SecretBinary).toBeUndefined();
});

test('nobody who holds a value can change what others get', () => {
  const value = new SecretValue(aResponse({ SecretBinary: new Uint8Array([1, 2, 3]) }));
  (value.json() as { password: string }).password = 'changed';
  value.SecretBinary?.fill(0);
  value.CreatedDate?.setTime(0);
  expect(value.json()).toEqual({ username: 'app', password: 'hunter2' });
  expect(value.SecretBinary).toEqual(new Uint8Array([1, 2, 3]));
  expect(value.CreatedDate?.getTime()).toBeGreaterThan(0);
  expect(Object.isFrozen(value)).toBe(true);
  expect(Object.isFrozen(value.VersionStages)).toBe(true);
});

test.each([`${CANARY}-not-json`, `{"password":"${CANARY}"`, ''])(
  'text that is no JSON is not quoted: %s',
  (text) => {
    const value = new SecretValue(aResponse({ SecretString: text }));
    const thrown = (() => {
      try {
        return value.json();
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toMatchObject({ name: 'SecretFormatError' });
    expect(inspect(thrown, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(CANARY);
  },
);

test('bytes in the memory of a Buffer are copied too', () => {
  const value = new SecretValue(aResponse({ SecretString: undefined, SecretBinary: Buffer.from([1, 2, 3]) }));
  value.SecretBinary?.fill(0);
  expect([...(value.SecretBinary ?? [])]).toEqual([1, 2, 3]);
});

test('a value of 65,536 bytes is read whole, and a key that looks like a prototype is a key', () => {
  const text = JSON.stringify({ long: '\u0000'.repeat(10_000), ['__proto__']: { admin: true } });
  const value = new SecretValue(aResponse({ SecretString: text.padEnd(65_536) }));
  const parsed = value.json() as Record<string, unknown>;
  expect(parsed['long']).toHaveLength(10_000);
  expect([Object.hasOwn(parsed, '__proto__'), parsed['admin']]).toEqual([true, undefined]);
});

test('what crosses to another thread holds no value', () => {
  const value = new SecretValue(aResponse({ SecretString: CANARY }));
  expect(inspect(structuredClone(value), { showHidden: true })).not.toContain(CANARY);
});
