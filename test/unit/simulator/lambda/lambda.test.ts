import { expect, test } from 'vitest';
import { type OpenAccount, openAccount } from '../open-account.ts';

async function invoke(
  account: OpenAccount,
  name: string,
  body: string,
  headers: Record<string, string> = {},
) {
  const { response } = await account.requestHandler('operator').handle({
    method: 'POST',
    path: `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`,
    headers,
    body,
  });
  return { status: response.statusCode, headers: response.headers, text: String(response.body) };
}

test('Invoke runs a function and answers its result as JSON', async () => {
  const account = openAccount();
  const arn = account.functions.register('f', (event) => ({ got: event }));
  const { status, headers, text } = await invoke(account, arn, '{"a":1}');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual({ got: { a: 1 } });
  expect(headers['x-amz-executed-version']).toBe('$LATEST');
  expect(headers['x-amz-function-error']).toBeUndefined();
  expect(account.callLog.counts('operator')).toEqual({ 'lambda:Invoke': 1 });
});

test('Invoke without a payload hands over an empty object, and a function without a result answers null', async () => {
  const account = openAccount();
  const seen: unknown[] = [];
  account.functions.register('f', (event) => void seen.push(event));
  await expect(invoke(account, 'f', '')).resolves.toMatchObject({ status: 200, text: 'null' });
  expect(seen).toEqual([{}]);
});

test('Invoke of a function that fails answers 200 with a function error', async () => {
  const account = openAccount();
  account.functions.register('f', () => {
    throw new TypeError('broken');
  });
  const { status, headers, text } = await invoke(account, 'f', '{}');
  expect(status).toBe(200);
  expect(headers['x-amz-function-error']).toBe('Unhandled');
  expect(JSON.parse(text)).toEqual({ errorType: 'TypeError', errorMessage: 'broken', trace: [] });
});

test('Invoke of an event answers 202 and runs when the clock goes on', async () => {
  const account = openAccount();
  account.functions.register('f', () => undefined);
  await expect(invoke(account, 'f', '{}', { 'x-amz-invocation-type': 'Event' })).resolves.toMatchObject({
    status: 202,
    text: '',
  });
  expect(account.functions.stats('f').invocations).toBe(0);
  await account.clock.advance(0);
  expect(account.functions.stats('f').invocations).toBe(1);
});

test('a dry run answers 204 and runs nothing', async () => {
  const account = openAccount();
  account.functions.register('f', () => undefined);
  await expect(invoke(account, 'f', '{}', { 'x-amz-invocation-type': 'DryRun' })).resolves.toMatchObject({
    status: 204,
  });
  expect(account.functions.stats('f').invocations).toBe(0);
});

test('Invoke refuses an unknown function and a payload that is no JSON', async () => {
  const account = openAccount();
  account.functions.register('f', () => undefined);
  const unknown = await invoke(account, 'none', '{}');
  expect(unknown.status).toBe(404);
  expect(unknown.headers['x-amzn-errortype']).toBe('ResourceNotFoundException');
  expect(JSON.parse(unknown.text)).toEqual({
    Type: 'User',
    Message: 'Function not found: arn:aws:lambda:eu-west-1:111122223333:function:none',
  });
  const broken = await invoke(account, 'f', '{');
  expect(broken.headers['x-amzn-errortype']).toBe('InvalidRequestContentException');
});

test('Invoke reaches the rotation functions of Secrets Manager, also as an event', async () => {
  const account = openAccount();
  account.secretsManager.functions.register({ name: 'rotator', behaviour: 'healthy' });
  const { status, headers, text } = await invoke(account, 'rotator', '{"Step":"dance"}');
  expect(status).toBe(200);
  expect(headers['x-amz-function-error']).toBe('Unhandled');
  expect(JSON.parse(text).errorMessage).toContain('dance');
  const event = { 'x-amz-invocation-type': 'Event' };
  await expect(invoke(account, 'rotator', '{}', event)).resolves.toMatchObject({ status: 202 });
});
