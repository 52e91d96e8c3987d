import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { memoryWebhook } from '../../src/monitor/adapters/memory/memory-webhook.ts';
import { slackNotifier } from '../../src/monitor/adapters/slack/slack-notifier.ts';
import { Redacted } from '../../src/monitor/domain/redacted.ts';
import { type Webhook, WebhookError } from '../../src/monitor/ports/tell/webhook.ts';
import { fakeSlack, shown, TOKEN } from '../support/fake-slack.ts';
import { aChat, aMessage, notifierContract } from './notifier.suite.ts';

const open = async () => {
  const slack = await fakeSlack();
  const notifier = slackNotifier({ webhook: memoryWebhook(slack.url), fetch, timeoutMs: 500 });
  return { slack, notifier };
};

describe('slackNotifier', () => {
  notifierContract(async () => {
    const { slack, notifier } = await open();
    const arrived = async () =>
      slack.posts.map((post) => {
        const [subject = '', text = ''] = shown(post);
        return { subject, text: text.replaceAll('*', '') };
      });
    return { notifier, arrived };
  });

  test.each([
    ['429 that says how long', 429, 'rate_limited', { 'retry-after': '17' }, 'throttled', true, 17],
    ['429 that does not', 429, '', {}, 'throttled', true, undefined],
    ['429 that says nonsense', 429, '', { 'retry-after': 'soon' }, 'throttled', true, undefined],
    ['429 that asks for years', 429, '', { 'retry-after': '999999999' }, 'throttled', true, 3600],
    ['server error', 500, 'rollup_error', {}, 'server', true, undefined],
    ['gateway time-out', 504, '', {}, 'server', true, undefined],
    ['webhook that was revoked', 404, 'no_service', {}, 'revoked', false, undefined],
    ['workspace that is gone', 410, '', {}, 'revoked', false, undefined],
    ['wrong token', 403, 'invalid_token', {}, 'denied', false, undefined],
    ['refusal by an administrator', 403, 'action_prohibited', {}, 'denied', false, undefined],
    ['archived channel', 410, 'channel_is_archived', {}, 'no-channel', false, undefined],
    ['channel that is gone', 404, 'channel_not_found', {}, 'no-channel', false, undefined],
    ['body that Slack does not take', 400, 'invalid_payload', {}, 'invalid', false, undefined],
    ['page of a proxy', 200, '<html>Sign in</html>', {}, 'invalid', false, undefined],
    ['redirect', 302, '', { location: 'https://example.com/' }, 'invalid', false, undefined],
  ] as const)(
    'a %s is a reason of its own',
    async (_name, status, body, headers, reason, retryable, wait) => {
      const { slack, notifier } = await open();
      slack.answer({ status, body, headers });
      const delivery = await notifier.deliver(aMessage());
      expect(delivery).toEqual({
        kind: 'failed',
        reason,
        retryable,
        ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
      });
      expect(slack.requests()).toBe(1);
    },
  );

  test('no answer is a time-out', async () => {
    const { slack, notifier } = await open();
    slack.answer('silence');
    const delivery = await notifier.deliver(aMessage());
    expect(delivery).toEqual({ kind: 'failed', reason: 'timeout', retryable: true });
  });

  test('a refused connection is the network', async () => {
    const { slack, notifier } = await open();
    slack.close();
    const delivery = await notifier.deliver(aMessage());
    expect(delivery).toEqual({ kind: 'failed', reason: 'network', retryable: true });
  });

  test('an address that was refused is looked up again, one that was throttled is not', async () => {
    const slack = await fakeSlack();
    let reads = 0;
    let known: Redacted | undefined;
    const webhook: Webhook = {
      url: async () => {
        if (known === undefined) reads += 1;
        known ??= new Redacted(slack.url);
        return known;
      },
      forget: () => {
        known = undefined;
      },
    };
    const notifier = slackNotifier({ webhook, fetch });
    slack.answer({ status: 429, body: '' });
    await notifier.deliver(aMessage());
    slack.answer({ status: 404, body: 'no_service' });
    await notifier.deliver(aMessage());
    expect(reads).toBe(1);
    slack.answer({ status: 200, body: 'ok' });
    expect(await notifier.deliver(aMessage())).toEqual({ kind: 'delivered' });
    expect(reads).toBe(2);
  });

  test('an address that cannot be read is reported with the reason of its store', async () => {
    const webhook: Webhook = {
      url: async () => {
        throw new WebhookError('Cannot read', { reason: 'not-found', retryable: false });
      },
      forget: () => undefined,
    };
    const delivery = await slackNotifier({ webhook, fetch }).deliver({ chat: aChat() });
    expect(delivery).toEqual({ kind: 'failed', reason: 'not-found', retryable: false });
  });

  test('nothing of the address is in what comes back, however the call fails', async () => {
    const { slack, notifier } = await open();
    const answers = ['silence', { status: 500, body: slack.url }, { status: 403, body: TOKEN }] as const;
    const seen: unknown[] = [];
    for (const answer of answers) {
      slack.answer(answer);
      seen.push(await notifier.deliver(aMessage()));
    }
    slack.close();
    seen.push(await notifier.deliver(aMessage()));
    seen.push(new Redacted(slack.url), { webhook: new Redacted(slack.url) }, notifier);
    const shownAnyHow = seen.map((each) => [
      inspect(each, { depth: null, showHidden: true }),
      JSON.stringify(each),
      `${String(each)}`,
    ]);
    expect(seen).toHaveLength(7);
    expect(JSON.stringify(shownAnyHow)).not.toContain(TOKEN);
  });
});
