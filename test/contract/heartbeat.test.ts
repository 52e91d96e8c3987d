import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { httpHeartbeat } from '../../src/monitor/adapters/heartbeat/http-heartbeat.ts';
import { memoryWebhook } from '../../src/monitor/adapters/memory/memory-webhook.ts';
import { memoryHeartbeat } from '../../src/monitor/adapters/memory/watch/memory-heartbeat.ts';
import type { Redacted } from '../../src/monitor/domain/redacted.ts';
import { WebhookError } from '../../src/monitor/ports/tell/webhook.ts';
import { HeartbeatError } from '../../src/monitor/ports/watch/heartbeat.ts';
import { aWatcher } from '../support/watcher.ts';
import { heartbeatContract } from './heartbeat.suite.ts';

const TOKEN = 'planted-token-7b20';

describe('memoryHeartbeat', () => {
  heartbeatContract(async () => {
    const heartbeat = memoryHeartbeat();
    return { heartbeat, heard: heartbeat.beats };
  });
});

describe('httpHeartbeat', () => {
  const open = async (timeoutMs = 5_000) => {
    const watcher = await aWatcher(TOKEN);
    return { watcher, heartbeat: httpHeartbeat(memoryWebhook(watcher.url), { fetch, timeoutMs }) };
  };
  const failureOf = (beat: Promise<void>): Promise<unknown> => beat.then(String, (error: unknown) => error);

  heartbeatContract(async () => {
    const { watcher, heartbeat } = await open();
    return { heartbeat, heard: () => watcher.requests.length };
  });

  test('a beat is one GET of the URL as it is set', async () => {
    const { watcher, heartbeat } = await open();
    await heartbeat.beat();
    expect(watcher.requests).toEqual([`GET /ping/${TOKEN}`]);
  });

  test.each([
    [500, 'server', true],
    [503, 'server', true],
    [429, 'throttled', true],
    [404, 'not-found', false],
    [403, 'denied', false],
    [400, 'invalid', false],
  ] as const)('an answer of %i is reported as %s', async (status, reason, retryable) => {
    const { watcher, heartbeat } = await open();
    watcher.answer((response) => void response.writeHead(status).end(TOKEN));
    const failure = await failureOf(heartbeat.beat());
    expect(failure).toBeInstanceOf(HeartbeatError);
    expect(failure).toMatchObject({ reason, retryable });
    expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain(TOKEN);
  });

  test('a watcher that does not answer in time is reported as a timeout', async () => {
    const { watcher, heartbeat } = await open(50);
    watcher.answer(() => undefined);
    const failure = await failureOf(heartbeat.beat());
    expect(failure).toMatchObject({ reason: 'timeout', retryable: true });
    expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain(TOKEN);
  });

  test.each([
    ['no connection', `http://127.0.0.1:1/${TOKEN}`],
    ['a URL fetch refuses', `http://user:${TOKEN}@127.0.0.1/${TOKEN}`],
  ])('%s is reported as a network failure, without the URL', async (_case, url) => {
    const failure = await failureOf(httpHeartbeat(memoryWebhook(url), { fetch, timeoutMs: 5_000 }).beat());
    expect(failure).toMatchObject({ reason: 'network', retryable: true });
    expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain(TOKEN);
  });

  test('an address that cannot be read is reported as such, and one that is there later is found', async () => {
    const watcher = await aWatcher(TOKEN);
    const unreadable = new WebhookError('Cannot read SSM parameter "/heartbeat": access denied', {
      reason: 'denied',
      retryable: false,
    });
    let known = Promise.reject<Redacted>(unreadable);
    const heartbeat = httpHeartbeat(
      { url: () => known, forget: () => undefined },
      { fetch, timeoutMs: 5_000 },
    );
    const failure = await failureOf(heartbeat.beat());
    expect(failure).toBeInstanceOf(HeartbeatError);
    expect(failure).toMatchObject({ message: unreadable.message, reason: 'denied', retryable: false });
    known = memoryWebhook(watcher.url).url();
    await heartbeat.beat();
    expect(watcher.requests).toHaveLength(1);
  });

  test.each([
    [404, 1],
    [401, 1],
    [503, 0],
  ])('after an answer of %i the address is forgotten %i times', async (status, times) => {
    const watcher = await aWatcher(TOKEN);
    watcher.answer((response) => void response.writeHead(status).end());
    let forgotten = 0;
    const address = {
      ...memoryWebhook(watcher.url),
      forget: () => {
        forgotten += 1;
      },
    };
    await failureOf(httpHeartbeat(address, { fetch, timeoutMs: 5_000 }).beat());
    expect(forgotten).toBe(times);
  });
});
