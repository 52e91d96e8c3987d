import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DAY, HOUR, later } from '../../src/calendar/instant.ts';
import { lambdaStepRunner } from '../../src/monitor/adapters/lambda/lambda-step-runner.ts';
import { memoryStepRunner } from '../../src/monitor/adapters/memory/memory-repair.ts';
import { arn, CURRENT, NOW, PENDING } from '../support/builders.ts';
import { aSimulator, sdk } from '../support/simulated.ts';
import { stepRunnerContract } from './step-runner.suite.ts';

const ARN = arn('arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf');

const functionArn = (name: string): string => `arn:aws:lambda:eu-west-1:111122223333:function:${name}`;
const ALIAS = `${functionArn('rotate')}:live`;

describe('memoryStepRunner', () => {
  stepRunnerContract(async () => {
    const runner = memoryStepRunner();
    const code = { codeSha256: 'a', isUpdating: false, isWeighted: false };
    runner.put(functionArn('works'), { code, run: async () => ({ kind: 'succeeded' }) });
    runner.put(functionArn('fails'), {
      code,
      run: async () => ({ kind: 'failed', errorType: 'StepFailure' }),
    });
    return {
      runner,
      secretArn: ARN,
      versionId: PENDING,
      working: functionArn('works'),
      failing: functionArn('fails'),
      absent: functionArn('absent'),
    };
  });
});

describe('lambdaStepRunner', () => {
  stepRunnerContract(async () => {
    const simulator = aSimulator();
    const { functions } = simulator.secretsManager;
    const { arn: working } = functions.register({ name: 'works', behaviour: 'healthy', handler: () => null });
    const { arn: failing } = functions.register({
      name: 'fails',
      behaviour: 'healthy',
      handler: () => {
        throw new TypeError('the password is hunter2');
      },
    });
    const { arn: secretArn } = simulator.secretsManager.seed({
      name: 'prod/db',
      kind: 'function',
      function: working,
      schedule: 'rate(30 days)',
      versions: [
        { id: CURRENT, stages: ['AWSCURRENT'], createdAt: later(NOW, -DAY) },
        { id: PENDING, stages: ['AWSPENDING'], createdAt: later(NOW, -HOUR) },
      ],
    });
    return {
      runner: lambdaStepRunner(new LambdaClient(sdk(simulator))),
      secretArn: arn(secretArn),
      versionId: PENDING,
      working,
      failing,
      absent: functionArn('absent'),
    };
  });

  const mocked = () => {
    const lambda = mockClient(LambdaClient);
    onTestFinished(() => lambda.restore());
    return { lambda, runner: lambdaStepRunner(new LambdaClient({ region: 'eu-west-1' })) };
  };
  const REQUEST = { functionArn: ALIAS, step: 'testSecret', secretArn: ARN, versionId: PENDING } as const;

  test('an error that the runtime answers as a result is an error', async () => {
    const { lambda, runner } = mocked();
    const text = '{"errorMessage": "the password is hunter2", "errorType": "ValueError"}';
    const Payload = Object.assign(new TextEncoder().encode(text), { transformToString: () => text });
    lambda.on(InvokeCommand).resolves({ Payload });
    expect(await runner.run(REQUEST)).toEqual({ kind: 'failed', errorType: 'ValueError' });
    lambda.on(InvokeCommand).resolves({ FunctionError: 'Unhandled' });
    expect(await runner.run(REQUEST)).toEqual({ kind: 'failed', errorType: 'Unhandled' });
  });

  test('an update that is in progress, and an alias with weights, are seen', async () => {
    const { lambda, runner } = mocked();
    lambda.on(GetFunctionConfigurationCommand).resolves({ LastUpdateStatus: 'InProgress', CodeSha256: 'b' });
    lambda.on(GetAliasCommand).resolves({ RoutingConfig: { AdditionalVersionWeights: { 7: 0.1 } } });
    expect(await runner.code(ALIAS)).toEqual({ codeSha256: 'b', isUpdating: true, isWeighted: true });
    lambda.on(GetAliasCommand).resolves({});
    expect(await runner.code(ALIAS)).toMatchObject({ isWeighted: false });
    expect(lambda.commandCalls(GetAliasCommand)[0]?.args[0].input).toEqual({
      FunctionName: functionArn('rotate'),
      Name: 'live',
    });
  });

  test('an alias that may not be looked at is reported with the permission that it takes', async () => {
    const { lambda, runner } = mocked();
    const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    lambda.on(GetFunctionConfigurationCommand).resolves({ CodeSha256: 'b' });
    lambda.on(GetAliasCommand).rejects(denied);
    await expect(runner.code(ALIAS)).rejects.toThrow('needs lambda:GetAlias');
  });
});
