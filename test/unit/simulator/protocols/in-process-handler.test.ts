import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test, vi } from 'vitest';
import { clientOf, openAccount } from '../open-account.ts';

test('clients of one account call under the roles of their handlers', async () => {
  const account = openAccount();
  for (const role of ['sweep', 'deliver']) {
    const { Arn } = await new STSClient(clientOf(account, role)).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:sts::111122223333:assumed-role/${role}/${role}`);
  }
  expect(account.callLog.roles()).toEqual(['sweep', 'deliver']);
});

test('a client that does not sign is known by the host it would call', async () => {
  const account = openAccount();
  const signer = { sign: async <T>(request: T): Promise<T> => request };
  const { Arn } = await new STSClient({ ...clientOf(account, 'sweep'), signer }).send(
    new GetCallerIdentityCommand({}),
  );
  expect(Arn).toBe('arn:aws:sts::111122223333:assumed-role/sweep/sweep');
});

test('the SDK does not warn about how its request bodies are read', async () => {
  const warn = vi.spyOn(console, 'warn');
  await new SQSClient(clientOf(openAccount())).send(new ListQueuesCommand({}));
  expect(warn).not.toHaveBeenCalled();
});

test('a client can be destroyed', () => {
  const client = new SQSClient(clientOf(openAccount()));
  expect(() => client.destroy()).not.toThrow();
});

test('a request of no known protocol is refused, not left without an answer', async () => {
  const { response } = await openAccount()
    .requestHandler('r')
    .handle({ method: 'GET', path: '/x', headers: {} });
  expect(response.statusCode).toBe(404);
  expect(String(response.body)).toContain('UnknownOperationException');
});

test('a body over 2 MiB is refused', async () => {
  const { response } = await openAccount()
    .requestHandler('r')
    .handle({
      method: 'POST',
      hostname: 'nowhere',
      path: '/',
      headers: {},
      body: new Uint8Array(2 * 1024 * 1024 + 1),
    });
  expect(response.statusCode).toBe(413);
});

test('a body that is neither text nor bytes is a mistake of the caller', async () => {
  const handler = openAccount().requestHandler('r');
  await expect(handler.handle({ method: 'POST', path: '/', headers: {}, body: 5 })).rejects.toThrow(
    'type number',
  );
});
