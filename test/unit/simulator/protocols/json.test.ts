import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { encodeJson } from '../../../../src/simulator/protocols/json.ts';
import { openAccount } from '../open-account.ts';

const post = async (target: string, body: string | Uint8Array, headers: Record<string, string> = {}) => {
  const { response } = await openAccount()
    .requestHandler('r')
    .handle({
      method: 'POST',
      path: '/',
      headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0', ...headers },
      body,
    });
  return { ...response, json: JSON.parse(String(response.body)) };
};

test('encodeJson writes times as epoch seconds and bytes as base64, and leaves out what is undefined', () => {
  const value = {
    at: new Date(1_500_123),
    list: [new Date(0), null, { bytes: Buffer.from('hi') }],
    none: undefined,
    text: 'grüße',
  };
  expect(JSON.parse(encodeJson(value))).toEqual({
    at: 1500.123,
    list: [0, null, { bytes: 'aGk=' }],
    text: 'grüße',
  });
});

test('an answer has the content type of its request and a request id', async () => {
  const { statusCode, headers, json } = await post('AmazonSQS.ListQueues', '{}');
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toBe('application/x-amz-json-1.0');
  expect(headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
  expect(json).toEqual({});
});

test('a missing body is an empty input', async () => {
  await expect(post('AmazonSQS.ListQueues', '')).resolves.toMatchObject({ statusCode: 200 });
});

test.each(['{', '[]', '5', 'null', '"x"'])(
  'the body %s is refused as SerializationException',
  async (body) => {
    const { statusCode, headers, json } = await post('AmazonSQS.ListQueues', body);
    expect(statusCode).toBe(400);
    expect(headers['x-amzn-errortype']).toBe('SerializationException');
    expect(json.__type).toBe('SerializationException');
  },
);

test.each(['AmazonSQS.Nope', 'Nobody.ListQueues', 'toString.x', 'AmazonSQS', ''])(
  'the target "%s" is refused as UnknownOperationException',
  async (target) => {
    const { statusCode, json } = await post(target, '{}');
    expect(statusCode).toBe(400);
    expect(json.__type).toBe('UnknownOperationException');
  },
);

test('an error carries its code and message, and its older code where there is one', async () => {
  const { headers, json } = await post('AmazonSQS.GetQueueUrl', '{"QueueName":"none"}');
  expect(json).toEqual({ __type: 'QueueDoesNotExist', message: 'The specified queue does not exist.' });
  expect(headers['x-amzn-query-error']).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
});

test('a packed body is unpacked, and one that cannot be is refused', async () => {
  const packed = gzipSync('{"QueueName":"q"}');
  const headers = { 'content-encoding': 'gzip' };
  await expect(post('AmazonSQS.CreateQueue', packed, headers)).resolves.toMatchObject({ statusCode: 200 });
  await expect(post('AmazonSQS.CreateQueue', Buffer.from('x'), headers)).resolves.toMatchObject({
    statusCode: 400,
  });
  const bomb = gzipSync(Buffer.alloc(3 * 1024 * 1024));
  await expect(post('AmazonSQS.CreateQueue', bomb, headers)).resolves.toMatchObject({ statusCode: 413 });
});
