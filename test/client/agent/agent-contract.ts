import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect, onTestFinished, test } from 'vitest';
import { secretsManagerAgent } from '../../../client/src/agent/agent.ts';
import { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { aSimulator, sdk } from '../../support/simulated.ts';
import { raw } from '../support/raw-request.ts';

/** An agent under test. */
export interface OpenAgent {
  readonly port: number;
  close(): Promise<void>;
}

export const TOKEN = 'the-token-of-this-test';
const HEADER = { 'x-aws-parameters-secrets-token': TOKEN };
/** Secrets that the agents of the contract may read. */
export const SECRETS: readonly string[] = [
  'orders/db',
  'orders/a+b=c',
  'orders/none',
  'orders/key',
  'orders/a b',
];

/** The services behind an agent under test: a client for its reads, and the simulated AWS that the client talks to. */
export interface AgentGround {
  readonly client: SecretsManagerClient;
  readonly simulator: Simulator;
}

/** Tests the service of an agent to programs, whoever wrote it. */
export function agentContract(open: (ground: AgentGround) => Promise<OpenAgent>): void {
  /** An agent and the secrets behind it. */
  async function anAgent() {
    const simulator = aSimulator();
    const owner = new SecretsManagerClient(sdk(simulator, 'owner'));
    for (const Name of ['orders/db', 'orders/a+b=c'])
      await owner.send(new CreateSecretCommand({ Name, SecretString: `value of ${Name}` }));
    await owner.send(
      new CreateSecretCommand({ Name: 'orders/key', SecretBinary: new Uint8Array([0, 255, 7]) }),
    );
    const client = new SecretsManagerClient(sdk(simulator, 'agent'));
    const agent = await open({ client, simulator });
    onTestFinished(() => agent.close());
    const endpoint = `http://127.0.0.1:${agent.port}`;
    const source = secretsManagerAgent({ endpoint, token: TOKEN, fallback: false, env: {} });
    const cache = new SecretCache({ source, ttlMs: 0 });
    onTestFinished(() => cache.close());
    const get = (path: string, headers: Readonly<Record<string, string>> = HEADER) =>
      raw(agent.port, path, headers);
    const put = (SecretString: string, stage = 'AWSCURRENT') =>
      owner.send(new PutSecretValueCommand({ SecretId: 'orders/db', SecretString, VersionStages: [stage] }));
    return { simulator, cache, source, get, put };
  }

  test('a secret is read by name, ARN and partial ARN, with names that need quoting, and as bytes', async () => {
    const { cache } = await anAgent();
    const value = await cache.get('orders/db');
    expect(value.SecretString).toBe('value of orders/db');
    expect(value.CreatedDate).toBeInstanceOf(Date);
    expect(value.VersionStages).toEqual(['AWSCURRENT']);
    for (const id of [value.ARN, value.ARN.slice(0, -7)])
      expect((await cache.get(id)).VersionId).toBe(value.VersionId);
    expect((await cache.get('orders/a+b=c')).SecretString).toBe('value of orders/a+b=c');
    expect((await cache.get('orders/key')).SecretBinary).toEqual(new Uint8Array([0, 255, 7]));
  });

  test('a stage and a version are read, and a refresh brings what is new', async () => {
    const { cache, put } = await anAgent();
    const first = await cache.get('orders/db');
    await put('pending', 'AWSPENDING');
    expect((await cache.get('orders/db', { versionStage: 'AWSPENDING' })).SecretString).toBe('pending');
    await put('second');
    expect((await cache.get('orders/db', { forceRefresh: true })).SecretString).toBe('second');
    const pinned = await cache.get('orders/db', { versionId: first.VersionId });
    expect(pinned.SecretString).toBe('value of orders/db');
  });

  test('a refresh for listeners reaches every spelling', async () => {
    const { cache, source, put } = await anAgent();
    const { ARN } = await cache.get('orders/db');
    await cache.get(ARN);
    await put('second');
    await source.refresh(ARN, 'orders/db');
    for (const id of ['orders/db', ARN]) expect((await cache.get(id)).SecretString).toBe('second');
  });

  test('what the service refuses is a typed error', async () => {
    const { cache, simulator } = await anAgent();
    await expect(cache.get('orders/none')).rejects.toMatchObject({ reason: 'not-found' });
    simulator.faults.add({ kind: 'denied', probability: 1, operation: 'GetSecretValue' });
    await expect(cache.get('orders/db')).rejects.toMatchObject({ reason: 'denied' });
  });

  test('the ping needs no token, and answers nothing but GET', async () => {
    const { get, source } = await anAgent();
    expect(await source.isAvailable()).toMatchObject({ available: true });
    expect(await get('/ping', {})).toMatchObject({ status: 200, body: 'healthy' });
    expect(await get('/ping', { 'x-forwarded-for': '10.0.0.1' })).toMatchObject({ status: 200 });
    expect(await get('/ping', { method: 'POST' })).toMatchObject({ status: 405 });
  });

  test('both headers carry the token, and both styles of path lead to the secret', async () => {
    const { get } = await anAgent();
    for (const [path, headers] of [
      ['/secretsmanager/get?secretId=orders/db', HEADER],
      ['/v1/orders/db', HEADER],
      ['/v1/orders/db?refreshNow=FALSE', { 'x-vault-token': TOKEN }],
    ] as const) {
      const { status, body } = await get(path, headers);
      expect(status, path).toBe(200);
      expect(JSON.parse(body)).toMatchObject({ Name: 'orders/db', SecretString: 'value of orders/db' });
      expect(typeof JSON.parse(body).CreatedDate).toBe('string');
    }
  });

  test('of two secrets the last one counts, and a path is put straight', async () => {
    const { get } = await anAgent();
    for (const path of [
      '/secretsmanager/get?secretId=orders/none&secretId=orders/db',
      '/v1/nothing/../orders/db',
    ]) {
      const { status, body } = await get(path);
      expect(status, path).toBe(200);
      expect(JSON.parse(body)).toMatchObject({ Name: 'orders/db' });
    }
  });

  test('an error of the service keeps its status and its name', async () => {
    const { get, simulator } = await anAgent();
    const refused = async () => {
      const { status, body } = await get('/secretsmanager/get?secretId=orders/a%20b&refreshNow=true');
      return { status, type: JSON.parse(body).__type };
    };
    expect(await refused()).toEqual({ status: 400, type: 'ValidationException' });
    simulator.faults.add({ kind: 'server-error', probability: 1, operation: 'GetSecretValue' });
    expect(await refused()).toEqual({ status: 500, type: 'InternalServiceError' });
  });

  test.each([
    [
      'a forwarded request',
      '/secretsmanager/get?secretId=orders/db',
      { 'x-forwarded-for': '10.0.0.1' },
      400,
      'Forwarded',
    ],
    ['no token', '/secretsmanager/get?secretId=orders/db', {}, 403, 'Bad Token'],
    ['another token', '/secretsmanager/get?secretId=orders/db', { 'x-vault-token': 'no' }, 403, 'Bad Token'],
    ['no token and another method', '/secretsmanager/get', { method: 'POST' }, 403, 'Bad Token'],
    [
      'another method',
      '/secretsmanager/get?secretId=orders/db',
      { ...HEADER, method: 'POST' },
      405,
      'Not allowed',
    ],
    ['another path', '/secretsmanager/list', HEADER, 404, 'Not found'],
    ['no secret', '/secretsmanager/get', HEADER, 400, 'missing parameter secretId'],
    ['no secret in the path', '/v1/', HEADER, 400, 'missing secret ID'],
    ['an unknown parameter', '/secretsmanager/get?secretId=a&x=1', HEADER, 400, 'unknown parameter: x'],
    ['a refresh that is neither', '/v1/orders/db?refreshNow=soon', HEADER, 400, 'invalid refreshNow value'],
    [
      'a refresh that is neither, and no secret',
      '/secretsmanager/get?refreshNow=soon',
      HEADER,
      400,
      'invalid refreshNow value',
    ],
    [
      'a refresh that is neither, before an unknown parameter',
      '/secretsmanager/get?secretId=a&refreshNow=soon&x=1',
      HEADER,
      400,
      'invalid refreshNow value',
    ],
  ] as const)('%s is refused', async (_case, path, headers, status, body) => {
    const { get } = await anAgent();
    expect(await get(path, headers as Readonly<Record<string, string>>)).toMatchObject({ status, body });
  });
}
