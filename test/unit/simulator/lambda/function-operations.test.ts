import {
  AddPermissionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { clientOf, type OpenAccount, openAccount } from '../open-account.ts';

const FunctionName = 'rotator';
const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:rotator';

function open(): { account: OpenAccount; lambda: LambdaClient } {
  const account = openAccount();
  account.secretsManager.functions.register({ name: FunctionName, behaviour: 'healthy' });
  return { account, lambda: new LambdaClient(clientOf(account)) };
}

const statements = async (lambda: LambdaClient): Promise<readonly object[]> =>
  JSON.parse((await lambda.send(new GetPolicyCommand({ FunctionName }))).Policy ?? '').Statement;

describe('a rotation function that nobody changed', () => {
  test.each([FunctionName, ARN, `${ARN}:$LATEST`])('is found as %s, and healthy', async (name) => {
    const { lambda } = open();
    const answer = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    expect(answer).toMatchObject({
      FunctionArn: ARN,
      State: 'Active',
      Runtime: 'python3.13',
      Timeout: 900,
      Role: 'arn:aws:iam::111122223333:role/rotator',
      LastUpdateStatus: 'Successful',
    });
    expect(answer.Environment).toBeUndefined();
  });

  test('may be invoked by Secrets Manager and has no concurrency of its own', async () => {
    const { lambda } = open();
    expect(await statements(lambda)).toEqual([
      expect.objectContaining({ Principal: { Service: 'secretsmanager.amazonaws.com' }, Effect: 'Allow' }),
    ]);
    const { ReservedConcurrentExecutions } = await lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName }),
    );
    expect(ReservedConcurrentExecutions).toBeUndefined();
  });

  test('shows where its code is to whoever may have it', async () => {
    const { Code, Configuration } = await open().lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(Code?.Location).toContain('https://');
    expect(Configuration?.FunctionName).toBe(FunctionName);
  });
});

test('functions of the monitor have a configuration, too', async () => {
  const { account, lambda } = open();
  account.functions.register('sweep', () => undefined);
  const command = new GetFunctionConfigurationCommand({ FunctionName: 'sweep' });
  expect((await lambda.send(command)).State).toBe('Active');
});

describe('changes', () => {
  test('of code and configuration show at once, the environment to whoever may read it', async () => {
    const { account, lambda } = open();
    const before = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    await account.clock.advance(60_000);
    const ZipFile = Buffer.from('code');
    const { CodeSha256 } = await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
    expect(CodeSha256).not.toBe(before.CodeSha256);
    const Environment = { Variables: { HOST: 'db' } };
    await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Runtime: 'python3.9', Timeout: 3, Environment }),
    );
    expect(await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).toMatchObject({
      Runtime: 'python3.9',
      Timeout: 3,
      CodeSha256,
      Environment,
      LastModified: '2026-11-21T10:01:00.000+0000',
    });
  });

  test('of the timeout beyond Lambda’s limits are refused', async () => {
    const command = new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 901 });
    await expect(open().lambda.send(command)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
  });

  test('of concurrency are taken and taken back', async () => {
    const { lambda } = open();
    const asked = new GetFunctionConcurrencyCommand({ FunctionName });
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    expect((await lambda.send(asked)).ReservedConcurrentExecutions).toBe(0);
    expect((await lambda.send(new GetFunctionCommand({ FunctionName }))).Concurrency).toEqual({
      ReservedConcurrentExecutions: 0,
    });
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect((await lambda.send(asked)).ReservedConcurrentExecutions).toBeUndefined();
  });

  test('of the policy: a statement is added once, and removed', async () => {
    const { lambda } = open();
    const add = new AddPermissionCommand({
      FunctionName,
      StatementId: 'another',
      Action: 'lambda:InvokeFunction',
      Principal: 'secretsmanager.amazonaws.com',
      SourceArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/*',
    });
    const { Statement } = await lambda.send(add);
    expect(JSON.parse(Statement ?? '')).toMatchObject({ Sid: 'another', Resource: ARN });
    await expect(lambda.send(add)).rejects.toMatchObject({ name: 'ResourceConflictException' });
    for (const StatementId of ['another', 'SecretsManagerAccess']) {
      await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId }));
    }
    await expect(lambda.send(new GetPolicyCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
    const remove = new RemovePermissionCommand({ FunctionName, StatementId: 'another' });
    await expect(lambda.send(remove)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

test('a deleted function is found by nobody, until it is deployed again', async () => {
  const { account, lambda } = open();
  await lambda.send(new DeleteFunctionCommand({ FunctionName }));
  const asked = new GetFunctionConfigurationCommand({ FunctionName });
  await expect(lambda.send(asked)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Function not found: ${ARN}`,
  });
  account.secretsManager.functions.register({ name: FunctionName, behaviour: 'healthy' });
  expect((await lambda.send(asked)).State).toBe('Active');
});

test('the ground truth knows when a function could not rotate', async () => {
  const { account, lambda } = open();
  const { functions } = account.secretsManager;
  expect(functions.brokenStretches(FunctionName)).toEqual([]);
  const from = account.clock.now();
  await lambda.send(new DeleteFunctionCommand({ FunctionName }));
  await account.clock.advance(1000);
  functions.register({ name: FunctionName, behaviour: 'healthy' });
  const StatementId = 'SecretsManagerAccess';
  await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId }));
  expect(functions.brokenStretches(ARN)).toEqual([
    { from, until: from + 1000 },
    { from: from + 1000, until: undefined },
  ]);
});

describe('the concurrency of an account', () => {
  const reserve = (lambda: LambdaClient, ReservedConcurrentExecutions: number) =>
    lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
  const refused = { name: 'InvalidParameterValueException', message: expect.stringContaining('[100]') };

  test('keeps a hundred for functions that reserve nothing', async () => {
    const { lambda } = open();
    await expect(reserve(lambda, 900)).resolves.toBeDefined();
    await expect(reserve(lambda, 901)).rejects.toMatchObject(refused);
  });

  test('lets a fresh account reserve nothing but zero, and take that back', async () => {
    const { account, lambda } = open();
    account.functionResources.concurrencyLimit = 10;
    await expect(reserve(lambda, 1)).rejects.toMatchObject(refused);
    await expect(reserve(lambda, 0)).resolves.toBeDefined();
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  });
});
