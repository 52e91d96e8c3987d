import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { HOUR, later } from '../../src/calendar/instant.ts';
import { cloudwatchFunctionActivity } from '../../src/monitor/adapters/cloudwatch/cloudwatch-function-activity.ts';
import { lambdaFunctionInspector } from '../../src/monitor/adapters/lambda/lambda-function-inspector.ts';
import { memoryFunctionInspector } from '../../src/monitor/adapters/memory/memory-function-inspector.ts';
import {
  type FunctionInspector,
  FunctionInspectorError,
} from '../../src/monitor/ports/look/function-inspector.ts';
import { NOW } from '../support/builders.ts';
import { aFunction, aGrant } from '../support/inspections.ts';
import { aSimulator, sdk, type TestSimulator } from '../support/simulated.ts';
import { type Condition, functionInspectorContract, LOOKED_AT } from './function-inspector.suite.ts';

describe('memoryFunctionInspector', () => {
  functionInspectorContract(async (condition) => {
    const { runtime = 'python3.13', timeoutSeconds = 30, errors, isClosed } = condition;
    const inspector = memoryFunctionInspector();
    const { configuration } = aFunction();
    const longestMs = errors === undefined ? undefined : 900;
    const found = aFunction({
      configuration: {
        ...configuration,
        runtime,
        timeoutSeconds,
        roleName: 'rotate',
        logGroup: '/aws/lambda/rotate',
      },
      grants: isClosed ? [] : [aGrant()],
      reservedConcurrency: condition.reservedConcurrency ?? 'none',
      activity: {
        invocations: errors === undefined ? 0 : errors + 1,
        errors: errors ?? 0,
        throttles: 0,
        longestMs,
      },
    });
    if (!condition.isGone) inspector.put(LOOKED_AT, found);
    return inspector;
  });
});

const FunctionName = 'rotate';

function onSimulator(): { simulator: TestSimulator; inspector: FunctionInspector } {
  const simulator = aSimulator();
  simulator.secretsManager.functions.register({ name: FunctionName, behaviour: 'healthy' });
  const options = sdk(simulator);
  const inspector = {
    ...lambdaFunctionInspector(new LambdaClient(options)),
    ...cloudwatchFunctionActivity(new CloudWatchClient(options)),
  };
  return { simulator, inspector };
}

async function changed({ call, secretsManager }: TestSimulator, condition: Condition): Promise<void> {
  const change = (operation: string, input: object = {}) =>
    call('lambda', operation, { FunctionName, ...input }, 'deployer');
  const { runtime, timeoutSeconds, reservedConcurrency, errors } = condition;
  if (runtime !== undefined) await change('UpdateFunctionConfiguration', { Runtime: runtime });
  if (timeoutSeconds !== undefined) await change('UpdateFunctionConfiguration', { Timeout: timeoutSeconds });
  if (reservedConcurrency !== undefined) {
    await change('PutFunctionConcurrency', { ReservedConcurrentExecutions: reservedConcurrency });
  }
  if (condition.isClosed) await change('RemovePermission', { StatementId: 'SecretsManagerAccess' });
  if (condition.isGone) await change('DeleteFunction');
  if (errors === undefined) return;
  for (let index = 0; index <= errors; index++) {
    const handler = (): void => {
      if (index < errors) throw new Error('broken');
    };
    secretsManager.functions.register({ name: FunctionName, behaviour: 'healthy', handler });
    const Payload = JSON.stringify({ Step: 'createSecret', SecretId: 'any', ClientRequestToken: 'any' });
    await change('Invoke', { Payload });
  }
}

describe('lambda and cloudwatch', () => {
  functionInspectorContract(async (condition) => {
    const { simulator, inspector } = onSimulator();
    await changed(simulator, condition);
    return inspector;
  });

  const QUESTIONS = [
    ['configuration', 'lambda', (inspector: FunctionInspector) => inspector.configuration(LOOKED_AT)],
    ['grants', 'lambda', (inspector: FunctionInspector) => inspector.grants(LOOKED_AT)],
    [
      'reservedConcurrency',
      'lambda',
      (inspector: FunctionInspector) => inspector.reservedConcurrency(LOOKED_AT),
    ],
    [
      'activity',
      'monitoring',
      (inspector: FunctionInspector) =>
        inspector.activity(LOOKED_AT, { from: later(NOW, -HOUR), until: NOW }),
    ],
  ] as const;
  const FAULTS = [
    ['denied', 'denied', false],
    ['throttled', 'throttled', true],
    ['server-error', 'server', true],
    ['timeout', 'timeout', true],
  ] as const;

  test.each(
    QUESTIONS.flatMap(([name, service, ask]) => FAULTS.map((fault) => [name, fault, service, ask] as const)),
  )(
    '%s fails as the port says when the call is %j',
    async (_name, [kind, reason, retryable], service, ask) => {
      const { simulator, inspector } = onSimulator();
      simulator.faults.add({ kind, probability: 1, service });
      const failure = await Promise.resolve(ask(inspector)).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(FunctionInspectorError);
      expect(failure).toMatchObject({ reason, retryable });
    },
  );

  test('the environment of a function is not kept, not returned and not part of an error', async () => {
    const { simulator, inspector } = onSimulator();
    const Environment = { Variables: { PASSWORD: 'planted-token' } };
    await simulator.call('lambda', 'UpdateFunctionConfiguration', { FunctionName, Environment }, 'deployer');
    const answers = [
      await inspector.configuration(LOOKED_AT),
      await inspector.grants(LOOKED_AT),
      await inspector.reservedConcurrency(LOOKED_AT),
    ];
    simulator.faults.add({ kind: 'denied', probability: 1 });
    const failure: unknown = await inspector.configuration(LOOKED_AT).catch((error: unknown) => error);
    const told = failure instanceof Error ? `${failure.message} ${failure.stack}` : '';
    expect(JSON.stringify(answers) + told).not.toContain('planted-token');
    expect(told).toContain('needs lambda:GetFunctionConfiguration');
  });

  test('the code of a function is not asked for', async () => {
    const { simulator, inspector } = onSimulator();
    for (const [, , ask] of QUESTIONS) await ask(inspector);
    expect(Object.keys(simulator.callLog.counts('test')).sort()).toEqual([
      'lambda:GetFunctionConcurrency',
      'lambda:GetFunctionConfiguration',
      'lambda:GetPolicy',
      'monitoring:GetMetricData',
    ]);
  });
});
