import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type AgentOptions, secretsManagerAgent } from '../../../client/src/agent/agent.ts';
import type { EmfDocument } from '../../../client/src/agent/agent-metrics.ts';
import { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import { METRICS, type Metric, type MetricName } from '../../../src/monitor/domain/metric.ts';
import { arnOf, handClock } from '../support/fake-source.ts';

const CANARY = 'canary-4c0d';
const GOOD = JSON.stringify({
  ARN: arnOf('orders/db'),
  Name: 'orders/db',
  VersionId: 'v1',
  VersionStages: ['AWSCURRENT'],
  CreatedDate: '1569534789.046',
  SecretString: `{"password":"${CANARY}"}`,
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const says =
  (status: number, body: string): Answer =>
  (_request, response) =>
    response.writeHead(status).end(body);

/** An agent of the test, which gives the answers one after the other, the last one for ever. */
async function anAgent(answers: readonly Answer[], options: AgentOptions = {}) {
  const requests: { url: string; token: unknown; forwarded: unknown }[] = [];
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    requests.push({
      url,
      token: headers['x-aws-parameters-secrets-token'],
      forwarded: headers['x-forwarded-for'],
    });
    answers[Math.min(requests.length, answers.length) - 1]?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const endpoint = `http://localhost:${(server.address() as AddressInfo).port}`;
  const source = secretsManagerAgent({
    endpoint,
    token: 'abc',
    fallback: false,
    env: {},
    random: () => 0,
    ...options,
  });
  const cache = new SecretCache({ source, timeoutMs: 2_000 });
  onTestFinished(() => cache.close());
  return { source, cache, requests };
}

test('a secret is read in the query style with the token', async () => {
  const { cache, requests, source } = await anAgent([says(200, GOOD)]);
  const value = await cache.get('orders/a+b c');
  expect(value.SecretString).toContain(CANARY);
  expect(value.CreatedDate?.getTime()).toBe(1_569_534_789_046);
  expect(requests).toEqual([
    { url: '/secretsmanager/get?secretId=orders%2Fa%2Bb+c', token: 'abc', forwarded: undefined },
  ]);
  expect(source.stats()).toMatchObject({ requests: 1, failures: 0, fallbacks: 0 });
});

test('stage, version and refresh are asked for as the agent spells them', async () => {
  const { cache, requests } = await anAgent([says(200, GOOD)]);
  await cache.get('a', { versionStage: 'AWSPENDING', forceRefresh: true });
  await cache.get('a', { versionId: 'v7' });
  expect(requests.map(({ url }) => url)).toEqual([
    '/secretsmanager/get?secretId=a&versionStage=AWSPENDING&refreshNow=true',
    '/secretsmanager/get?secretId=a&versionId=v7',
  ]);
});

test.each([
  ['plain text', says(400, 'missing parameter secretId'), 'invalid'],
  ['JSON of the service', says(400, '{"__type":"ResourceNotFoundException","message":"none"}'), 'not-found'],
  [
    'JSON that is none',
    says(400, `{"__type":"AccessDeniedException","message":"a "${CANARY}" b"}`),
    'denied',
  ],
  ['a secret that is no JSON', says(200, `${CANARY}, no JSON`), 'server'],
  ['half a secret', says(200, GOOD.slice(0, -20)), 'server'],
  ['fields of other types', says(200, `{"ARN":1,"SecretString":{"a":"${CANARY}"}}`), 'server'],
  ['null', says(200, 'null'), 'server'],
  ['an empty failure', says(500, '{"__type":"InternalFailure"}'), 'server'],
  ['throttling', says(429, 'Connection limit exceeded'), 'throttled'],
  ['a time-out', says(504, '{"__type":"TimeoutError","message":"Timeout"}'), 'timeout'],
  ['a redirect', says(302, CANARY), 'server'],
  ['a reset', (({ socket }) => socket.destroy()) as Answer, 'network'],
  [
    'an answer without end',
    ((_request, response) => response.writeHead(200).end('x'.repeat(2_000_000))) as Answer,
    'network',
  ],
] as const)('an answer that is %s is a typed error without the body', async (_kind, answer, reason) => {
  const { cache } = await anAgent([answer]);
  const error: unknown = await cache.get('orders/db').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'SecretReadError', reason });
  expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(CANARY);
});

test.each([
  ['the agent restarts', (({ socket }) => socket.destroy()) as Answer],
  ['the extension is not ready', says(400, 'not ready to serve traffic, please wait')],
  ['the agent is throttled', says(429, 'Connection limit exceeded')],
])('a read is repeated when %s', async (_kind, answer) => {
  const { cache, requests } = await anAgent([answer, answer, says(200, GOOD)]);
  expect((await cache.get('orders/db')).VersionId).toBe('v1');
  expect(requests).toHaveLength(3);
});

test('a token that is refused is read anew, once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'agent-token-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'token');
  await writeFile(file, 'old\n');
  const renew: Answer = (_request, response) => {
    void writeFile(file, 'new\n').then(() => response.writeHead(403).end('Bad Token'));
  };
  const warnings: string[] = [];
  const env = { AWS_SESSION_TOKEN: file };
  const options = { token: undefined, env, warn: (message: string) => void warnings.push(message) };
  const { cache, requests } = await anAgent([renew, says(200, GOOD)], options);
  await cache.get('orders/db');
  expect(requests.map(({ token }) => token)).toEqual(['old', 'new']);
  expect(warnings).toHaveLength(1);
});

test('the API is read when the agent does not answer, but not for what the service itself refused', async () => {
  const asked: unknown[] = [];
  const fallback = {
    send: async ({ input }: { input: unknown }) => {
      asked.push(input);
      return JSON.parse(GOOD) as object;
    },
  } as never;
  const away = await anAgent([says(500, '')], { fallback });
  expect((await away.cache.get('orders/db')).VersionId).toBe('v1');
  expect(away.source.stats()).toMatchObject({ requests: 3, failures: 1, fallbacks: 1 });
  const missing = await anAgent([says(400, '{"__type":"ResourceNotFoundException"}')], { fallback });
  await expect(missing.cache.get('orders/db')).rejects.toMatchObject({ reason: 'not-found' });
  // The Lambda extension may know fewer parameters than the agent.
  const older = await anAgent([says(400, 'unknown parameter: refreshNow')], { fallback });
  expect((await older.cache.get('orders/db', { forceRefresh: true })).VersionId).toBe('v1');
  asked.pop();
  const unused = await anAgent([says(200, GOOD)], { fallback, share: 0 });
  await unused.cache.get('orders/db');
  expect([asked.length, unused.requests.length]).toEqual([2, 0]);
});

test('an agent that takes the connection and never answers leaves time for the API', async () => {
  const fallback = { send: async () => JSON.parse(GOOD) as object } as never;
  const { cache, source } = await anAgent([() => undefined], { fallback, timeoutMs: 100 });
  expect((await cache.get('orders/db')).VersionId).toBe('v1');
  expect(source.stats()).toMatchObject({ requests: 1, failures: 1, fallbacks: 1 });
  const alone = await anAgent([() => undefined], { timeoutMs: 1 });
  await expect(alone.cache.get('orders/db')).rejects.toMatchObject({ reason: 'timeout' });
});

test('a refresh reaches every spelling that was read, as the agent keeps an entry for each', async () => {
  const { source, requests } = await anAgent([says(200, GOOD)]);
  const signal = AbortSignal.timeout(5_000);
  for (const secretId of ['orders/db', arnOf('orders/db')]) await source.read({ secretId }, signal);
  await source.read({ secretId: 'orders/db', refresh: true }, signal);
  const refreshed = requests.filter(({ url }) => url.includes('refreshNow=true')).map(({ url }) => url);
  expect(refreshed.map((url) => new URL(url, 'http://a').searchParams.get('secretId'))).toEqual([
    'orders/db',
    arnOf('orders/db'),
  ]);
});

/** Metrics by a clock that is moved by hand, and what is written of them. */
function gathered() {
  const clock = handClock();
  const documents: EmfDocument[] = [];
  const write = (document: EmfDocument) => void documents.push(document);
  return { clock, documents, metrics: { service: 'shop', now: clock.now, write } };
}

test('what is counted becomes metrics, by the reads themselves and not more often than asked', async () => {
  const { clock, documents, metrics } = gathered();
  const fallback = { send: async () => JSON.parse(GOOD) as object } as never;
  const { source } = await anAgent([says(200, GOOD), says(400, 'no')], { metrics, fallback });
  const signal = AbortSignal.timeout(5_000);
  const read = () => source.read({ secretId: 'orders/db' }, signal);
  await read();
  await read();
  expect(documents).toEqual([]);
  clock.pass(60_000);
  await read();
  await vi.waitFor(() => expect(documents).toHaveLength(1));
  expect(source.stats()).toMatchObject({ requests: 3, failures: 2, fallbacks: 2, errorRate: 2 / 3 });
  expect(documents[0]).toMatchObject({
    Service: 'shop',
    AgentRequests: 2,
    AgentErrorRate: 50,
    AgentAvailability: 0,
    AgentResponseTime: expect.any(Number),
    _aws: { CloudWatchMetrics: [{ Namespace: 'SecretRotation', Dimensions: [[], ['Service']] }] },
  });
  for (const { Name, Unit } of documents[0]?._aws.CloudWatchMetrics[0].Metrics ?? []) {
    const metric: Metric | undefined = METRICS[Name as MetricName];
    expect(metric).toMatchObject({ unit: Unit, dimensions: ['Service'], published: 'agent' });
  }
});

test('a clock that is set back stops no metrics', async () => {
  const { clock, documents, metrics } = gathered();
  const { source } = await anAgent([says(200, GOOD)], { metrics });
  clock.pass(-3_600_000);
  await source.read({ secretId: 'orders/db' }, AbortSignal.timeout(5_000));
  await vi.waitFor(() => expect(documents).toHaveLength(1));
});

test('a path without file:// is warned of, where nobody listens on the process', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const { cache } = await anAgent([says(200, GOOD)], { token: '/none/token' });
  await expect(cache.get('orders/db')).rejects.toMatchObject({ reason: 'denied' });
  expect(warned).toHaveBeenCalledTimes(1);
});

test('an endpoint on another machine is refused', () => {
  for (const endpoint of ['http://10.0.0.1:2773', 'https://127.0.0.1:2773', 'http://127.0.0.1.example.com'])
    expect(() => secretsManagerAgent({ endpoint })).toThrow('must be http on this machine');
});

test('the ping shows whether an agent runs', async () => {
  const { source } = await anAgent([says(200, 'healthy')]);
  expect(await source.isAvailable()).toMatchObject({ available: true });
  const nobody = secretsManagerAgent({ endpoint: 'http://127.0.0.1:1', fallback: false });
  expect(await nobody.isAvailable()).toMatchObject({ available: false });
});

test('a refresh reaches the ARN, the name and every spelling that was read here', async () => {
  const { cache, source, requests } = await anAgent([says(200, GOOD)]);
  const partial = arnOf('orders/db').slice(0, -7);
  await cache.get(partial);
  requests.length = 0;
  await source.refresh(arnOf('orders/db'), 'orders/db');
  const refreshed = requests.map(({ url }) => new URL(url, 'http://agent').searchParams);
  expect(refreshed.map((query) => query.get('secretId')).sort()).toEqual(
    ['orders/db', partial, arnOf('orders/db')].sort(),
  );
  expect(refreshed.every((query) => query.get('refreshNow') === 'true')).toBe(true);
});

test('a refresh that the agent refuses is reported', async () => {
  const { source } = await anAgent([says(500, '')]);
  await expect(source.refresh(arnOf('orders/db'), 'orders/db')).rejects.toMatchObject({ reason: 'server' });
});
