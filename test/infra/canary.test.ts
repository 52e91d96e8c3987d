import { App } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { checkConfigFile } from '../../infra/config-file/read-config-file.ts';
import { RotationMonitorStack } from '../../infra/rotation-monitor-stack.ts';
import { aMonitor, stubHandlers } from '../../infra/templates/monitor-stack.ts';
import { ofType } from '../../src/proving/player/deployed-resources.ts';
import { statementsOf } from '../../src/proving/player/statements.ts';
import { deployedResources } from '../support/template/deployed-resources.ts';

const RESOURCES = deployedResources(aMonitor(() => ({ canary: true })));
const ARN = expect.stringMatching(/^arn:aws:secretsmanager:eu-west-1:111122223333:secret:\w+-AbCdEf$/);
const properties = (type: string, resources = RESOURCES) =>
  ofType(resources, type).map((each) => each.properties);
const functionOf = (handler: string) =>
  properties('AWS::Lambda::Function').find((each) => each['Handler'] === `${handler}.handler`);
const allowed = (handler: string) =>
  statementsOf(RESOURCES).filter(
    ({ role, effect, sid }) =>
      effect === 'Allow' &&
      sid !== 'WriteLog' &&
      role === String(functionOf(handler)?.['Role']).split('/')[1],
  );

test('the canary is encrypted with the key of the monitor and rotates as often and as promptly as may be', () => {
  const [key] = properties('AWS::KMS::Key');
  expect(key).toBeDefined();
  expect(properties('AWS::SecretsManager::Secret')).toEqual([
    expect.objectContaining({ KmsKeyId: expect.stringContaining(':key/'), GenerateSecretString: {} }),
  ]);
  expect(properties('AWS::SecretsManager::RotationSchedule')).toEqual([
    {
      SecretId: ARN,
      RotationLambdaARN: expect.stringMatching(/-canary-rotation$/),
      RotationRules: { ScheduleExpression: 'rate(4 hours)', Duration: '1h' },
    },
  ]);
});

test('Secrets Manager may invoke its rotation function, for this account alone', () => {
  expect(properties('AWS::Lambda::Permission')).toEqual([
    {
      Action: 'lambda:InvokeFunction',
      FunctionName: expect.stringMatching(/-canary-rotation$/),
      Principal: 'secretsmanager.amazonaws.com',
      SourceAccount: '111122223333',
    },
  ]);
});

test('it is tagged every hour', () => {
  const ticks = properties('AWS::Scheduler::Schedule').filter(
    (each) => each['Description'] === 'Tags the canary',
  );
  expect(ticks).toEqual([
    expect.objectContaining({
      ScheduleExpression: 'rate(1 hour)',
      Target: expect.objectContaining({ Arn: expect.stringMatching(/-canary-tick$/) }),
    }),
  ]);
});

test('its functions may do what they do to the canary alone, and use the key for it alone', () => {
  const [rotate, key, ...more] = allowed('canary-rotation');
  expect(more).toEqual([]);
  expect(rotate?.resources).toEqual([ARN]);
  expect(key?.conditions).toEqual({
    StringEquals: {
      'kms:ViaService': ['secretsmanager.eu-west-1.amazonaws.com'],
      'kms:EncryptionContext:SecretARN': [ARN],
    },
  });
  const [tag, tickKey, putAside, ...others] = allowed('canary-tick');
  expect(others).toEqual([]);
  expect(tickKey).toEqual({ ...key, role: tag?.role });
  expect(tag).toMatchObject({ actions: ['secretsmanager:TagResource'], resources: [ARN] });
  expect(putAside?.sid).toBe('PutAside');
});

test('every function knows the canary', () => {
  for (const { Environment } of properties('AWS::Lambda::Function'))
    expect(Environment).toMatchObject({ Variables: { ROTATION_MONITOR_CANARY_SECRET_ARN: ARN } });
});

test('there is a canary only where the file asks for one', () => {
  const secrets = (file: object) => {
    const config = checkConfigFile(
      JSON.stringify({
        subscriptions: [{ protocol: 'email', endpoint: 'oncall@example.com' }],
        ...file,
      }),
      'the file',
    );
    const stack = new RotationMonitorStack(new App(), 'rotation-monitor', {
      config,
      handlerFolder: stubHandlers(),
    });
    return properties('AWS::SecretsManager::Secret', deployedResources(stack)).length;
  };
  expect([secrets({}), secrets({ canary: false }), secrets({ canary: true })]).toEqual([0, 0, 1]);
});
