import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { clientOf, type OpenAccount, openAccount } from '../open-account.ts';

const list = (account: OpenAccount, role = 'sweep'): Promise<unknown> =>
  account.call('sqs', 'ListQueues', {}, role);

test('a throttled call is refused as AWS refuses it', async () => {
  const account = openAccount({ faults: [{ kind: 'throttled', probability: 1 }] });
  const client = new SecretsManagerClient(clientOf(account));
  await expect(client.send(new ListSecretsCommand({}))).rejects.toMatchObject({
    name: 'ThrottlingException',
    message: 'Rate exceeded',
    $metadata: { httpStatusCode: 400 },
  });
  const sns = new SNSClient(clientOf(account));
  await expect(sns.send(new ListTopicsCommand({}))).rejects.toMatchObject({ Code: 'Throttling' });
  expect(account.callLog.failures()).toEqual({
    'secretsmanager:ListSecrets:ThrottlingException': 1,
    'sns:ListTopics:Throttling': 1,
  });
});

test('an SDK client retries a call that was throttled once', async () => {
  const account = openAccount();
  account.faults.add({ kind: 'throttled', probability: 1, times: 1 });
  const sqs = new SQSClient({ ...clientOf(account), maxAttempts: 2 });
  const { $metadata } = await sqs.send(new ListQueuesCommand({}));
  expect($metadata.attempts).toBe(2);
  expect(account.callLog.counts()).toEqual({ 'sqs:ListQueues': 2 });
});

test('a server error has status 500', async () => {
  const account = openAccount();
  account.faults.add({ kind: 'server-error', probability: 1 });
  await expect(list(account)).rejects.toMatchObject({ code: 'InternalServiceError', status: 500 });
});

test('a timed-out call is not carried out; one whose reply is lost is', async () => {
  const account = openAccount();
  const create = (QueueName: string) =>
    new SQSClient(clientOf(account)).send(new CreateQueueCommand({ QueueName }));
  account.faults.add({ kind: 'timeout', probability: 1, times: 1 });
  await expect(create('never')).rejects.toMatchObject({ name: 'TimeoutError' });
  account.faults.add({ kind: 'reply-lost', probability: 1, times: 1 });
  await expect(create('done')).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(account.queues.all().map(({ name }) => name)).toEqual(['done']);
});

test('a rule hits only the service, operation and role that it names, until it is removed', async () => {
  const account = openAccount();
  const remove = account.faults.add({
    kind: 'throttled',
    probability: 1,
    service: 'sqs',
    operation: 'ListQueues',
    role: 'sweep',
  });
  await expect(list(account)).rejects.toThrow('Rate exceeded');
  await expect(list(account, 'deliver')).resolves.toBeDefined();
  await expect(account.call('sqs', 'CreateQueue', { QueueName: 'q' }, 'sweep')).resolves.toBeDefined();
  await expect(account.call('sns', 'ListTopics', {}, 'sweep')).resolves.toBeDefined();
  remove();
  await expect(list(account)).resolves.toBeDefined();
});

test('probability is a share of the calls, the same ones for the same seed', async () => {
  const run = async (): Promise<string> => {
    const account = openAccount({ seed: 3, faults: [{ kind: 'throttled', probability: 0.25 }] });
    let outcomes = '';
    for (let index = 0; index < 400; index += 1) {
      outcomes += await list(account).then(
        () => '.',
        () => 'x',
      );
    }
    return outcomes;
  };
  const outcomes = await run();
  const hits = outcomes.replaceAll('.', '').length;
  expect(hits).toBeGreaterThan(70);
  expect(hits).toBeLessThan(130);
  await expect(run()).resolves.toBe(outcomes);
});

test('a hook before a call stops it, one after it lets it be done', async () => {
  const account = openAccount();
  const die = (): never => {
    throw new Error('killed');
  };
  const alive = account.faults.before(die);
  await expect(account.call('sqs', 'CreateQueue', { QueueName: 'a' }, 'r')).rejects.toThrow('killed');
  alive();
  const aliveAgain = account.faults.after(die);
  await expect(account.call('sqs', 'CreateQueue', { QueueName: 'b' }, 'r')).rejects.toThrow('killed');
  aliveAgain();
  expect(account.queues.all().map(({ name }) => name)).toEqual(['b']);
});

test('a hook that kills reaches the code that called through an SDK client, without a retry', async () => {
  const account = openAccount();
  const seen: string[] = [];
  account.faults.before(({ role, service, operation }) => {
    seen.push(`${role} ${service}:${operation}`);
    throw new Error('killed');
  });
  const sqs = new SQSClient({ ...clientOf(account, 'deliver'), maxAttempts: 3 });
  await expect(sqs.send(new ListQueuesCommand({}))).rejects.toThrow('killed');
  expect(seen).toEqual(['deliver sqs:ListQueues']);
});

test('a hook that never ends plays a process that was killed', async () => {
  const account = openAccount();
  account.faults.before(() => new Promise(() => undefined));
  const outcome = await Promise.race([
    list(account),
    new Promise((resolve) => setTimeout(resolve, 20, 'silent')),
  ]);
  expect(outcome).toBe('silent');
});

test('clear removes rules and hooks', async () => {
  const account = openAccount({ faults: [{ kind: 'throttled', probability: 1 }] });
  account.faults.before(() => {
    throw new Error('killed');
  });
  account.faults.clear();
  await expect(list(account)).resolves.toBeDefined();
});

test('faults hit DynamoDB, too', async () => {
  const account = openAccount();
  account.faults.add({ kind: 'throttled', probability: 1, service: 'dynamodb' });
  await expect(account.call('dynamodb', 'ListTables', {}, 'r')).rejects.toThrow('Rate exceeded');
});
