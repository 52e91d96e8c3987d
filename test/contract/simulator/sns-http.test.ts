import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { expect, onTestFinished, test } from 'vitest';
import { createSimulator } from '../../../src/simulator/simulator.ts';
import { networkPost } from '../../../src/simulator/sns/http-post.ts';
import { VirtualClock } from '../../../src/simulator/time/clock.ts';
import { START } from '../../unit/simulator/open-account.ts';

/** A subscriber on this machine that keeps what it gets. */
async function aSubscriber() {
  const got: { headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    got.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A TCP server that listens has an address with a port.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/sns`, got };
}

test('a subscriber over HTTP confirms by visiting the SubscribeURL and gets what is published', async () => {
  const clock = new VirtualClock(START);
  const simulator = createSimulator({ clock, seed: 7, post: networkPost });
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(async () => {
    await close();
    await simulator.close();
  });
  const client = new SNSClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'simulated' },
    maxAttempts: 1,
  });
  const { url, got } = await aSubscriber();
  const { TopicArn } = await client.send(new CreateTopicCommand({ Name: 'alerts' }));
  await client.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: url }));
  await clock.advance(0);
  const visited = await fetch(JSON.parse(got[0]?.body ?? '').SubscribeURL);
  expect(await visited.text()).toContain(`<SubscriptionArn>${TopicArn}:`);
  await client.send(new PublishCommand({ TopicArn, Message: 'stuck' }));
  await clock.advance(0);
  expect(got[1]?.headers).toMatchObject({
    'x-amz-sns-message-type': 'Notification',
    'x-amz-sns-topic-arn': TopicArn,
  });
  expect(JSON.parse(got[1]?.body ?? '')).toMatchObject({ Type: 'Notification', Message: 'stuck' });
});

test('a visit can do nothing but confirm and unsubscribe', async () => {
  const simulator = createSimulator({ clock: new VirtualClock(START), seed: 7 });
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(async () => {
    await close();
    await simulator.close();
  });
  expect((await fetch(`${endpoint}/?Action=CreateTopic&Name=alerts`)).status).toBe(404);
  const wrong = await fetch(
    `${endpoint}/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-west-1:1:t&Token=x`,
  );
  expect(wrong.status).toBe(404);
  expect(await wrong.text()).toContain('<Code>NotFound</Code>');
});

test('a post that nobody answers is a failure', async () => {
  await expect(networkPost({ url: 'http://127.0.0.1:1/', headers: {}, body: '' })).rejects.toThrow();
});
