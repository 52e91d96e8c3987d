import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  DeleteFunctionCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../../../src/calendar/instant.ts';
import type { NewRotationFunction } from '../../../../src/simulator/secrets-manager/rotation/rotation-function.ts';
import { clientOf, type OpenAccount, openAccount, START } from '../open-account.ts';

const FunctionName = 'rotator';
const SecretId = 'app/db';

function open(rotator: Omit<NewRotationFunction, 'name'> = { behaviour: 'healthy' }) {
  const account = openAccount();
  account.secretsManager.functions.register({ name: FunctionName, ...rotator });
  account.secretsManager.seed({ name: SecretId, kind: 'function', function: FunctionName, schedule: 30 });
  const settings = clientOf(account);
  const secrets = new SecretsManagerClient(settings);
  const rotate = () => secrets.send(new RotateSecretCommand({ SecretId }));
  return { account, lambda: new LambdaClient(settings), rotate };
}

/** Returns Secrets Manager's messages about the failures in its history. */
const failuresOf = ({ secretsManager }: OpenAccount): readonly string[] =>
  secretsManager.history(SecretId).flatMap(({ failure }) => failure ?? []);

const BREAKING = [
  ['deleted', new DeleteFunctionCommand({ FunctionName }), /Function not found: arn/],
  [
    'closed to Secrets Manager',
    new RemovePermissionCommand({ FunctionName, StatementId: 'SecretsManagerAccess' }),
    /cannot invoke the specified Lambda function/,
  ],
] as const;

test.each(BREAKING)('a rotation fails once its function is %s', async (_how, command, failure) => {
  const { account, lambda, rotate } = open();
  await rotate();
  await lambda.send(command as DeleteFunctionCommand);
  await account.clock.advance(2 * MINUTE);
  expect(failuresOf(account).length).toBeGreaterThan(1);
  expect(failuresOf(account)[0]).toMatch(failure);
});

test.each(BREAKING)('RotateSecret refuses a function that is %s', async (_how, command) => {
  const { lambda, rotate } = open();
  await lambda.send(command as DeleteFunctionCommand);
  await expect(rotate()).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('a rotation fails while its function is throttled, and heals by a retry', async () => {
  const { account, lambda, rotate } = open();
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  await rotate();
  await account.clock.advance(2 * MINUTE);
  expect(failuresOf(account)[0]).toContain('Rate Exceeded');
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 5 }));
  await account.clock.advance(HOUR);
  expect(account.secretsManager.isRotating(SecretId)).toBe(false);
  expect(account.secretsManager.history(SecretId).at(-1)?.lastRotatedAt).toBeGreaterThan(START);
});

test('an operator invokes a function that is closed to Secrets Manager, but not a throttled one', async () => {
  const { lambda } = open();
  const StatementId = 'SecretsManagerAccess';
  await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId }));
  const Payload = JSON.stringify({ Step: 'createSecret', SecretId, ClientRequestToken: 'none' });
  const invoked = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
  expect(Buffer.from(invoked.Payload ?? []).toString()).toContain('has no stage for rotation');
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  await expect(lambda.send(new InvokeCommand({ FunctionName, Payload }))).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    $metadata: { httpStatusCode: 429 },
  });
});

test('a function that hangs is stopped at its timeout', async () => {
  const { account, lambda, rotate } = open({ behaviour: 'hang', step: 'createSecret' });
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 30 }));
  await rotate();
  await account.clock.advance(29_000);
  expect(failuresOf(account)).toEqual([]);
  await account.clock.advance(1_000);
  expect(failuresOf(account)[0]).toContain('Task timed out after 30.00 seconds');
});

async function sums(account: OpenAccount): Promise<Readonly<Record<string, number>>> {
  const names = ['Invocations', 'Errors', 'Throttles', 'Duration'];
  const { MetricDataResults = [] } = await new CloudWatchClient(clientOf(account)).send(
    new GetMetricDataCommand({
      StartTime: new Date(START),
      EndTime: new Date(START + HOUR),
      MetricDataQueries: names.map((MetricName) => ({
        Id: MetricName.toLowerCase(),
        MetricStat: {
          Metric: {
            Namespace: 'AWS/Lambda',
            MetricName,
            Dimensions: [{ Name: 'FunctionName', Value: FunctionName }],
          },
          Period: 3600,
          Stat: MetricName === 'Duration' ? 'Maximum' : 'Sum',
        },
      })),
    }),
  );
  return Object.fromEntries(MetricDataResults.map(({ Id = '', Values = [] }) => [Id, Values[0] ?? 0]));
}

test('CloudWatch counts a healthy rotation as four invocations', async () => {
  const { account, rotate } = open();
  await rotate();
  await account.clock.advance(5 * MINUTE);
  const { duration, ...counts } = await sums(account);
  expect(counts).toEqual({ invocations: 4, errors: 0, throttles: 0 });
  expect(duration).toBeGreaterThan(0);
  expect(account.cloudWatch.lastByName()).toEqual({});
});

test('CloudWatch counts failures as errors, and throttles apart from invocations', async () => {
  const { account, lambda, rotate } = open({ behaviour: 'error', step: 'setSecret' });
  await rotate();
  await account.clock.advance(30_000);
  expect(await sums(account)).toMatchObject({ invocations: 2, errors: 1, throttles: 0 });
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  await account.clock.advance(2 * MINUTE);
  expect(await sums(account)).toMatchObject({ invocations: 2, errors: 1, throttles: 1 });
});
