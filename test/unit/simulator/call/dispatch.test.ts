import { expect, test } from 'vitest';
import { AwsError } from '../../../../src/simulator/call/aws-error.ts';
import { openAccount } from '../open-account.ts';

test('call logs each call under its role, by service and operation', async () => {
  const { call, callLog } = openAccount();
  await call('sqs', 'ListQueues', {}, 'sweep');
  await call('sqs', 'ListQueues', {}, 'sweep');
  await call('sts', 'GetCallerIdentity', {}, 'operator');
  expect(callLog.counts('sweep')).toEqual({ 'sqs:ListQueues': 2 });
  expect(callLog.counts()).toEqual({ 'sqs:ListQueues': 2, 'sts:GetCallerIdentity': 1 });
  expect(callLog.roles()).toEqual(['sweep', 'operator']);
  expect(callLog.counts('nobody')).toEqual({});
});

test('call logs failures by their code, and reset forgets', async () => {
  const { call, callLog } = openAccount();
  await expect(call('sqs', 'GetQueueUrl', { QueueName: 'none' }, 'r')).rejects.toBeInstanceOf(AwsError);
  expect(callLog.failures('r')).toEqual({ 'sqs:GetQueueUrl:QueueDoesNotExist': 1 });
  expect(callLog.counts('r')).toEqual({ 'sqs:GetQueueUrl': 1 });
  callLog.reset();
  expect(callLog.counts()).toEqual({});
  expect(callLog.failures()).toEqual({});
});

test.each(['Nope', 'toString', '__proto__', ''])(
  'call of the operation "%s" fails as unknown',
  async (operation) => {
    const { call } = openAccount();
    await expect(call('events', operation, {}, 'r')).rejects.toMatchObject({
      code: 'UnknownOperationException',
      status: 400,
    });
  },
);

test('call passes the caller to the operation', async () => {
  const { call } = openAccount({ account: '444455556666' });
  await expect(call('sts', 'GetCallerIdentity', {}, 'sweep')).resolves.toEqual({
    UserId: 'AROASIMULATED:sweep',
    Account: '444455556666',
    Arn: 'arn:aws:sts::444455556666:assumed-role/sweep/sweep',
  });
});
