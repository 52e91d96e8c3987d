import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { clientOf, openAccount, START } from '../open-account.ts';

const NAME = '/rotation-monitor/slack-webhook';
const open = () => new SSMClient(clientOf(openAccount()));
const put = (client: SSMClient, given: object = {}) =>
  client.send(new PutParameterCommand({ Name: NAME, Value: 'hush', Type: 'SecureString', ...given }));

test('a SecureString is read back with decryption only', async () => {
  const client = open();
  expect(await put(client)).toMatchObject({ Version: 1, Tier: 'Standard' });
  const plain = await client.send(new GetParameterCommand({ Name: NAME, WithDecryption: true }));
  expect(plain.Parameter).toEqual({
    Name: NAME,
    Type: 'SecureString',
    Value: 'hush',
    Version: 1,
    LastModifiedDate: new Date(START),
    ARN: `arn:aws:ssm:eu-west-1:111122223333:parameter${NAME}`,
    DataType: 'text',
  });
  const hidden = await client.send(new GetParameterCommand({ Name: NAME }));
  expect(hidden.Parameter?.Value).not.toContain('hush');
});

test('a String is read back as it is, also by its ARN', async () => {
  const client = open();
  await put(client, { Name: 'plain', Type: 'String' });
  await put(client);
  const arn = 'arn:aws:ssm:eu-west-1:111122223333:parameter';
  for (const Name of ['plain', `${arn}/plain`]) {
    const { Parameter } = await client.send(new GetParameterCommand({ Name }));
    expect(Parameter).toMatchObject({ Name: 'plain', Value: 'hush', ARN: `${arn}/plain` });
  }
  const { Parameter } = await client.send(new GetParameterCommand({ Name: `${arn}${NAME}` }));
  expect(Parameter?.Name).toBe(NAME);
});

test('a parameter is overwritten only on demand, and keeps its type', async () => {
  const client = open();
  await put(client);
  await expect(put(client)).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  expect(await put(client, { Value: 'new', Type: undefined, Overwrite: true })).toMatchObject({ Version: 2 });
  const { Parameter } = await client.send(new GetParameterCommand({ Name: NAME, WithDecryption: true }));
  expect(Parameter).toMatchObject({ Value: 'new', Type: 'SecureString', Version: 2 });
});

test('what is missing, too long or without a type is refused as by Systems Manager', async () => {
  const client = open();
  await expect(client.send(new GetParameterCommand({ Name: 'none' }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
    $metadata: { httpStatusCode: 400 },
  });
  await expect(put(client, { Type: undefined })).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(put(client, { Value: 'x'.repeat(4097) })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await expect(put(client, { Name: '' })).rejects.toMatchObject({ name: 'ValidationException' });
});
