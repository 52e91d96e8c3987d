import { createServer } from 'node:net';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect, onTestFinished, test } from 'vitest';
import { secretsManagerClient } from '../../../client/src/aws/secrets-manager-client.ts';
import { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import { aSimulator, sdk } from '../../support/simulated.ts';

const LOCAL = {
  endpoint: 'http://127.0.0.1:4640',
  region: 'eu-west-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

/** A port on which nothing listens. */
const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

test('one client per endpoint, region and role', async () => {
  const environments = { local: LOCAL, production: { region: 'eu-west-1' }, other: { region: 'us-east-1' } };
  const of = (APP_ENV: string) =>
    secretsManagerClient({ environments, variable: 'APP_ENV', env: { APP_ENV } });
  expect(await of('local')).toBe(await of('local'));
  expect(new Set([await of('local'), await of('production'), await of('other')]).size).toBe(3);
  expect(await (await of('other')).config.region()).toBe('us-east-1');
});

test.each([{}, { APP_ENV: '' }, { APP_ENV: undefined }])(
  'a variable that is not set never means local: %j',
  async (env) => {
    const client = await secretsManagerClient({ environments: { local: LOCAL }, variable: 'APP_ENV', env });
    expect(client.config.endpoint).toBeUndefined();
    expect(client).toBe(await secretsManagerClient());
  },
);

test('a variable that names no environment is an error with those there are', async () => {
  const options = { environments: { local: LOCAL }, variable: 'APP_ENV' };
  for (const name of ['loca', 'toString', '__proto__'])
    await expect(secretsManagerClient({ ...options, env: { APP_ENV: name } })).rejects.toThrow(
      `APP_ENV must be one of local: got "${name}"`,
    );
});

test.each([
  undefined,
  'https://secretsmanager.eu-west-1.amazonaws.com',
  'http://127.0.0.1.example.com',
  'http://localhost@example.com',
])('throwaway credentials are refused for %s', async (endpoint) => {
  const { credentials } = LOCAL;
  const environments = { local: { credentials, ...(endpoint !== undefined && { endpoint }) } };
  const made = secretsManagerClient({ environments, variable: 'APP_ENV', env: { APP_ENV: 'local' } });
  await expect(made).rejects.toThrow('fixed credentials are for an endpoint on this machine');
});

test('a local endpoint that does not run is said so', async () => {
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  const options = { environments: { local: { ...LOCAL, endpoint } }, variable: 'E', env: { E: 'local' } };
  const cache = new SecretCache({ client: () => secretsManagerClient(options) });
  onTestFinished(() => cache.close());
  await expect(cache.get('orders/db')).rejects.toThrow(
    `Cannot read secret "orders/db": nothing listens at ${endpoint.slice('http://'.length)}`,
  );
});

test('a host name of several addresses on which nothing listens is said with each of them', async () => {
  const refused = (address: string) =>
    Object.assign(new Error('Refused'), { code: 'ECONNREFUSED', address, port: 4566 });
  const errors = [refused('::1'), refused('127.0.0.1')];
  const read = async () => {
    throw Object.assign(new AggregateError(errors, 'All'), { code: 'ECONNREFUSED' });
  };
  const cache = new SecretCache({ source: { read } });
  onTestFinished(() => cache.close());
  await expect(cache.get('orders/db')).rejects.toThrow('nothing listens at ::1:4566 and 127.0.0.1:4566');
});

test('the cache reads stages, batches and what does not exist through an SDK client', async () => {
  const simulator = aSimulator();
  const client = new SecretsManagerClient(sdk(simulator));
  const cache = new SecretCache({ client });
  onTestFinished(() => cache.close());
  const created = await client.send(new CreateSecretCommand({ Name: 'orders/db', SecretString: 'one' }));
  await client.send(new CreateSecretCommand({ Name: 'orders/bytes', SecretBinary: new Uint8Array([1, 2]) }));
  await client.send(
    new PutSecretValueCommand({ SecretId: 'orders/db', SecretString: 'two', VersionStages: ['AWSPENDING'] }),
  );
  expect((await cache.get('orders/db')).SecretString).toBe('one');
  expect(await cache.get(String(created.ARN))).toBe(await cache.get('orders/db'));
  expect((await cache.get('orders/db', { versionStage: 'AWSPENDING' })).SecretString).toBe('two');
  expect((await cache.get('orders/bytes')).SecretBinary).toEqual(new Uint8Array([1, 2]));
  await expect(cache.get('none')).rejects.toMatchObject({ reason: 'not-found' });
  cache.invalidateAll();
  const { values, errors } = await cache.getMany(['orders/db', 'orders/bytes', 'none']);
  expect([...values.keys()].sort()).toEqual(['orders/bytes', 'orders/db']);
  expect(errors.get('none')).toMatchObject({ reason: 'not-found' });
});
