import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test, vi } from 'vitest';
import { retryAtOnce } from '../../../../../src/monitor/adapters/aws/retry-at-once.ts';

/** A client whose every call fails with an error; counts the tries. */
function failing(error: Error, maxAttempts: number) {
  let tries = 0;
  const handle = async (): Promise<never> => {
    tries += 1;
    throw error;
  };
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    retryStrategy: retryAtOnce(maxAttempts),
    requestHandler: { handle, updateHttpClientConfig: () => undefined, httpHandlerConfigs: () => ({}) },
  });
  return { send: () => client.send(new GetItemCommand({ TableName: 't', Key: {} })), tries: () => tries };
}

const named = (name: string) => Object.assign(new Error(name), { name });

test.each(['TimeoutError', 'ThrottlingException'])(
  '%s is tried again, at once and not for ever',
  async (name) => {
    const { send, tries } = failing(named(name), 50);
    const wait = vi.spyOn(globalThis, 'setTimeout');
    await expect(send()).rejects.toThrow(name);
    expect(tries()).toBe(50);
    expect(Math.max(0, ...wait.mock.calls.map(([, milliseconds = 0]) => milliseconds))).toBe(0);
  },
);

test('what cannot get better is not tried again', async () => {
  const { send, tries } = failing(named('AccessDeniedException'), 5);
  await expect(send()).rejects.toThrow('AccessDeniedException');
  expect(tries()).toBe(1);
});
