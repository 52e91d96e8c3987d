import { inspect } from 'node:util';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, test } from 'vitest';
import { memoryWebhook } from '../../src/monitor/adapters/memory/memory-webhook.ts';
import { ssmWebhook } from '../../src/monitor/adapters/ssm/ssm-webhook.ts';
import { type Webhook, WebhookError } from '../../src/monitor/ports/tell/webhook.ts';
import { deny } from '../support/denying.ts';
import { aSimulator, sdk } from '../support/simulated.ts';

const TOKEN = 'planted-token-31b7';
const URL_TEXT = `https://hooks.example.com/services/${TOKEN}`;

function webhookContract(open: () => Promise<Webhook>): void {
  test('the address is revealed on demand and printed by nothing', async () => {
    const url = await (await open()).url();
    expect(url.reveal()).toBe(URL_TEXT);
    expect(`${url} ${JSON.stringify({ url })} ${inspect({ url })}`).not.toContain(TOKEN);
  });

  test('a forgotten address is found again', async () => {
    const webhook = await open();
    await webhook.url();
    webhook.forget();
    expect((await webhook.url()).reveal()).toBe(URL_TEXT);
  });
}

describe('memoryWebhook', () => {
  webhookContract(async () => memoryWebhook(URL_TEXT));
});

describe('ssmWebhook', () => {
  const open = async (Value = URL_TEXT) => {
    const simulator = aSimulator();
    const client = new SSMClient(sdk(simulator));
    const put = (value: string) =>
      client.send(
        new PutParameterCommand({ Name: '/slack', Type: 'SecureString', Value: value, Overwrite: true }),
      );
    await put(Value);
    return { simulator, put, webhook: ssmWebhook(client, '/slack') };
  };
  webhookContract(async () => (await open()).webhook);

  const failureOf = (webhook: Webhook): Promise<unknown> => webhook.url().catch((error: unknown) => error);

  test('it is read once, and again after it was forgotten', async () => {
    const { simulator, put, webhook } = await open();
    await webhook.url();
    await webhook.url();
    expect(simulator.callLog.counts('test')['ssm:GetParameter']).toBe(1);
    await put('https://hooks.example.com/new');
    webhook.forget();
    expect((await webhook.url()).reveal()).toBe('https://hooks.example.com/new');
  });

  test.each([
    `${TOKEN}`,
    `http://hooks.example.com/${TOKEN}`,
    `https://${TOKEN} x`,
    `ftp://${TOKEN}`,
    `https://${TOKEN}@hooks.example.com/`,
  ])('a parameter that holds %s is no webhook, and the error does not repeat it', async (value) => {
    const failure = await failureOf((await open(value)).webhook);
    expect(failure).toBeInstanceOf(WebhookError);
    expect(failure).toMatchObject({ reason: 'invalid', retryable: false });
    expect(inspect(failure, { depth: null, showHidden: true })).not.toContain(TOKEN);
  });

  test('a parameter that is missing or denied is reported as such, and not remembered', async () => {
    const { simulator, webhook } = await open();
    const missing = await failureOf(ssmWebhook(new SSMClient(sdk(simulator)), '/none'));
    expect(missing).toMatchObject({ reason: 'not-found', retryable: false });
    simulator.faults.add({ kind: 'throttled', probability: 1, times: 1 });
    expect(await failureOf(webhook)).toMatchObject({ reason: 'throttled', retryable: true });
    expect((await webhook.url()).reveal()).toBe(URL_TEXT);
    webhook.forget();
    deny(simulator, 'GetParameter');
    expect(await failureOf(webhook)).toMatchObject({ reason: 'denied', retryable: false });
  });
});
