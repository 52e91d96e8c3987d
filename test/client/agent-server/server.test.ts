import { execFile } from 'node:child_process';
import { createConnection, type Socket } from 'node:net';
import { promisify } from 'node:util';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { type AgentSettings, readAgentSettings, startAgentServer } from '../../../client/src/agent-server.ts';
import { sdk } from '../../support/simulated.ts';
import { aPlace, type Place, until } from '../support/listening.ts';
import { raw } from '../support/raw-request.ts';

const run = promisify(execFile);
const TOKEN = 'canary-token-1f2e';
const PATH = '/secretsmanager/get?secretId=orders/db';
const HEADER = { 'x-aws-parameters-secrets-token': TOKEN };

/** Our agent beside a secret, and its log. */
async function anAgent(settings: Partial<AgentSettings> = {}, place?: Place) {
  const { simulator, ...rest } = place ?? (await aPlace());
  const written = readAgentSettings('[secret_rotation_client]\nallowed_secrets = ["orders/db"]');
  const lines: string[] = [];
  const server = await startAgentServer(
    { ...written, port: 0, ...settings },
    {
      client: new SecretsManagerClient(sdk(simulator, 'agent')),
      listening: {
        sqs: new SQSClient(sdk(simulator, 'agent')),
        sns: new SNSClient(sdk(simulator, 'agent')),
      },
      env: { AWS_TOKEN: TOKEN },
      write: (line) => void lines.push(line),
    },
  );
  onTestFinished(() => server.close());
  const get = (path = PATH, headers: Readonly<Record<string, string>> = HEADER) =>
    raw(server.port, path, headers);
  return { ...rest, simulator, server, lines, get, port: server.port };
}

test.each([
  ['another host', 'rebound.example.com'],
  ['another port', '127.0.0.1:1'],
  ['no port', 'localhost'],
])('a request for %s is refused before its token is looked at', async (_case, host) => {
  const { get } = await anAgent();
  for (const path of [PATH, '/ping'])
    expect(await get(path, { host })).toMatchObject({ status: 400, body: 'Bad Host' });
  expect(await get(PATH, { ...HEADER, host })).toMatchObject({ status: 400 });
});

test('the host may be spelled in every way that leads here', async () => {
  const { get, port } = await anAgent();
  for (const name of ['127.0.0.1', 'localhost', '[::1]'])
    expect(await get(PATH, { ...HEADER, host: `${name}:${port}` })).toMatchObject({ status: 200 });
});

test('no page of another origin is let in', async () => {
  const { get } = await anAgent();
  const { headers } = await get(PATH, { ...HEADER, origin: 'https://example.com' });
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  expect(await get(PATH, { ...HEADER, method: 'OPTIONS' })).toMatchObject({ status: 405 });
});

test('secrets that are not listed are not served, under no spelling, and cost no call', async () => {
  const { simulator, get } = await anAgent();
  const owner = new SecretsManagerClient(sdk(simulator, 'owner'));
  const { ARN = '' } = await owner.send(
    new CreateSecretCommand({ Name: 'payment/api', SecretString: 'canary' }),
  );
  for (const id of ['payment/api', ARN, ARN.slice(0, -7)]) {
    const { status, body } = await get(`/secretsmanager/get?secretId=${id}`);
    expect([status, JSON.parse(body).__type]).toEqual([400, 'AccessDeniedException']);
  }
  expect(simulator.callLog.counts('agent')['secretsmanager:GetSecretValue'] ?? 0).toBe(0);
});

test.each([
  ['its name', () => 'orders/db'],
  ['its ARN', (arn: string) => arn],
])('a secret whose name looks like an ARN of one listed by %s is not it', async (_spelling, allowed) => {
  const place = await aPlace();
  const { simulator, get, secret } = await anAgent({ allowedSecrets: [allowed(place.secret.arn)] }, place);
  const owner = new SecretsManagerClient(sdk(simulator, 'owner'));
  const lookalike = secret.arn.split(':').slice(6).join(':');
  const { ARN = '' } = await owner.send(new CreateSecretCommand({ Name: lookalike, SecretString: 'canary' }));
  expect(ARN).toContain(lookalike);
  for (const id of [lookalike, ARN, ARN.slice(0, -7)]) {
    const { body } = await get(`/secretsmanager/get?secretId=${id}`);
    expect(body).not.toContain('canary');
  }
});

test('a thousand requests at once make one call', async () => {
  const { simulator, get } = await anAgent({ maxConnections: 1_000 });
  const answers = await Promise.all(Array.from({ length: 200 }, () => get()));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(simulator.callLog.counts('agent')['secretsmanager:GetSecretValue']).toBe(1);
});

test('while the service fails a value is served for a bounded time, and without it the failure is reported', async () => {
  const { simulator, get } = await anAgent({ ttlMs: 1, maxStaleMs: 60_000 });
  expect(await get()).toMatchObject({ status: 200 });
  simulator.faults.add({ kind: 'throttled', probability: 1, operation: 'GetSecretValue' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await get()).toMatchObject({ status: 200 });
  const refreshed = await get(`${PATH}&refreshNow=true`);
  expect([refreshed.status, JSON.parse(refreshed.body).__type]).toEqual([400, 'ThrottlingException']);
});

test('over the limit of connections a request gets an answer that says so, and the ping has two more', async () => {
  const { port, get } = await anAgent({ maxConnections: 3 });
  const idle: Socket[] = [];
  onTestFinished(() => {
    for (const socket of idle) socket.destroy();
  });
  for (let index = 0; index < 3; index++) {
    const socket = createConnection(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    idle.push(socket);
  }
  await until(async () => (await get('/ping', {})).status === 200);
  expect(await get()).toMatchObject({ status: 429, body: 'Connection limit exceeded' });
  idle.pop()?.destroy();
  await until(async () => (await get()).status === 200);
});

test('a request that does not end is ended, and too many headers are refused', async () => {
  const { port, get } = await anAgent();
  const slow = createConnection(port, '127.0.0.1');
  slow.write('GET /ping HTTP/1.1\r\nHost: 127');
  const answered = new Promise<string>((resolve) => slow.once('data', (chunk) => resolve(String(chunk))));
  expect(await get(PATH, { ...HEADER, 'x-filler': 'x'.repeat(17_000) })).toMatchObject({ status: 431 });
  expect(await answered).toContain('408 Request Timeout');
});

test('roleArn is refused by name', async () => {
  const { get } = await anAgent();
  expect(await get(`${PATH}&roleArn=arn:aws:iam::111122223333:role/other`)).toMatchObject({
    status: 400,
    body: 'roleArn is not supported: this agent assumes no roles',
  });
});

test('neither token nor value is in the log', async () => {
  const { get, lines, simulator } = await anAgent({ logLevel: 'debug' });
  const owner = new SecretsManagerClient(sdk(simulator, 'owner'));
  await owner.send(new PutSecretValueCommand({ SecretId: 'orders/db', SecretString: 'canary-value' }));
  await get();
  await get(PATH, { 'x-vault-token': 'canary-given' });
  await get('/secretsmanager/get?secretId=canary-value', {});
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.join('\n')).not.toMatch(/canary/);
});

test('a move of AWSCURRENT is answered without anybody asking anew', async () => {
  const place = await aPlace();
  const invalidation = { topicArn: place.topicArn, queuePrefix: 'agent-' };
  const none = { queueUrl: undefined, leaseTable: undefined, pollIntervalMs: undefined };
  const { get, lines } = await anAgent({ invalidation: { ...none, ...invalidation } }, place);
  await until(() => lines.some((line) => line.includes('Rotation: listening')));
  const before = JSON.parse((await get()).body).VersionId;
  const versionId = await place.secret.put();
  place.tell(versionId, { previousVersionId: before });
  await until(async () => JSON.parse((await get()).body).VersionId === versionId);
  expect(lines.some((line) => line.includes('Rotation: confirmed'))).toBe(true);
});

test('an agent that cannot hear looks when it is asked', async () => {
  const place = await aPlace();
  const none = { topicArn: undefined, queuePrefix: undefined, queueUrl: undefined, leaseTable: undefined };
  const { get } = await anAgent({ invalidation: { ...none, pollIntervalMs: 20 } }, place);
  await get();
  const versionId = await place.secret.put();
  await until(async () => JSON.parse((await get()).body).VersionId === versionId);
});

const PYTHON = `
import json, sys, urllib.request
request = urllib.request.Request(sys.argv[1], headers={'X-Aws-Parameters-Secrets-Token': sys.argv[2]})
print(json.load(urllib.request.urlopen(request))['SecretString'])
`;

test.each([
  [
    'curl',
    (url: string) => ['curl', ['-sf', '-H', `X-Aws-Parameters-Secrets-Token: ${TOKEN}`, url]] as const,
  ],
  ['python3', (url: string) => ['python3', ['-c', PYTHON, url, TOKEN]] as const],
])('%s reads a secret through it', async (name, command, ...rest) => {
  const context = rest.at(-1) as unknown as { skip?: (reason: string) => void };
  const exists = await run('which', [name]).then(
    () => true,
    () => false,
  );
  if (!exists) return context?.skip?.(`${name} is not installed`);
  const { port } = await anAgent();
  const [file, args] = command(`http://127.0.0.1:${port}${PATH}`);
  expect((await run(file, [...args])).stdout).toContain('first');
});

test('a port that is taken is reported, and nothing stays behind', async () => {
  const { port } = await anAgent();
  await expect(anAgent({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
