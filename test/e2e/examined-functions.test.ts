import { describe, expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { runAwsCommand } from '../../src/proving/operator/aws-cli.ts';
import { seededRandom } from '../../src/simulator/call/random.ts';
import type { ServiceName } from '../../src/simulator/call/service.ts';
import { aDeployment, type Deployed, START } from '../support/deployed.ts';
import { call, changing, NAME, rotate, seed } from '../support/failure-mode-stage.ts';
import { played } from '../support/played.ts';
import type { TestSimulator } from '../support/simulated.ts';

/** The last alarming message about a failure mode. */
const lastOf = ({ mails }: Deployed): string =>
  mails()
    .filter(({ subject }) => !subject.startsWith('[RESOLVED]'))
    .at(-1)?.message ?? '';

const calls = ({ simulator }: Deployed, operation: string): number =>
  simulator.callLog.counts()[operation] ?? 0;

const deployer = 'arn:aws:sts::111122223333:assumed-role/deployer/deployer';

describe('a change is reported with whoever made it', () => {
  test.each([
    ['F11', 'deleted the rotation function'],
    ['F11b', 'removed a statement from the resource policy of the rotation function'],
    ['F12b', 'changed the reserved concurrency of the rotation function'],
  ])('%s: %s', async (id, deed) => {
    const deployed = await played(id, { forMs: 25 * MINUTE });
    const [first] = deployed.alarming();
    const [, changes = ''] = first?.message.split('WHAT CHANGED IN THE DAY BEFORE\n') ?? [];
    expect(changes).toContain(`- 2026-11-01T00:06:00Z: ${deployer} ${deed}.`);
  });

  test('changes of the role and of the key come from services that the monitor never calls', async () => {
    const kmsKeyId = 'arn:aws:kms:eu-west-1:111122223333:key/k1';
    const deployed = await aDeployment((simulator) => {
      seed(simulator, { behaviour: 'error', step: 'createSecret' });
    });
    const { simulator } = deployed;
    await call(simulator, 'UpdateSecret', { KmsKeyId: kmsKeyId, ClientRequestToken: 'a'.repeat(36) });
    const record = (eventName: string, source: string, requestParameters: object) =>
      simulator.cloudTrail.record({
        eventTime: '2026-11-01T00:01:00Z',
        eventSource: source,
        eventName,
        eventID: eventName,
        readOnly: false,
        userIdentity: { arn: 'arn:aws:iam::111122223333:user/alex' },
        requestParameters,
      });
    record('PutKeyPolicy', 'kms.amazonaws.com', { keyId: kmsKeyId, policy: 'planted-token' });
    record('DetachRolePolicy', 'iam.amazonaws.com', { roleName: 'rotate' });
    await simulator.clock.advanceTo(later(START, 6 * MINUTE));
    await rotate(simulator);
    await simulator.clock.advance(25 * MINUTE);
    const text = lastOf(deployed);
    expect(text).toContain('user/alex changed the policy of the KMS key of the secret.');
    expect(text).toContain('user/alex detached a policy from the role rotate of the rotation function.');
    expect(text).not.toContain('planted-token');
  });
});

test.each(['/platform/rotation', 'rotation-log'])(
  'a function that logs to the group "%s" is looked up there, by the command and by the link',
  async (LogGroup) => {
    const deployed = await aDeployment((simulator) =>
      seed(simulator, { behaviour: 'error', step: 'createSecret' }),
    );
    const { simulator } = deployed;
    const configured = { FunctionName: 'rotate', LoggingConfig: { LogFormat: 'JSON', LogGroup } };
    await simulator.call('lambda', 'UpdateFunctionConfiguration', configured, 'operator');
    await simulator.clock.advanceTo(later(START, 6 * MINUTE));
    await rotate(simulator);
    await simulator.clock.advance(25 * MINUTE);
    const text = lastOf(deployed);
    const command = /^ *(aws logs filter-log-events .*)$/m.exec(text)?.[1] ?? '';
    expect(command).toContain(`--log-group-name ${LogGroup} `);
    expect(text).not.toContain('/aws/lambda/rotate');
    expect(text).toContain(encodeURIComponent(encodeURIComponent(LogGroup)).replaceAll('%', '$'));
    const outcome = await runAwsCommand(simulator, command, { uuid: seededRandom(9).uuid });
    expect(JSON.stringify(outcome)).toContain('createSecret');
  },
);

/** Refuses the monitor everything of these services. */
const deny = (simulator: TestSimulator, roles: readonly string[], services: readonly ServiceName[]): void => {
  for (const role of roles) {
    for (const service of services) simulator.faults.add({ kind: 'denied', probability: 1, role, service });
  }
};

test('without permission to look closer the same alert goes out, and says what it could not see', async () => {
  const play = async (services: readonly ServiceName[]): Promise<Deployed> => {
    const deployed = await aDeployment((simulator) =>
      seed(simulator, { behaviour: 'error', step: 'setSecret' }),
    );
    const { simulator, deployment } = deployed;
    deny(simulator, deployment.roles, services);
    await simulator.clock.advanceTo(later(START, 6 * MINUTE));
    await rotate(simulator);
    await simulator.clock.advance(25 * MINUTE);
    return deployed;
  };
  const [seeing, blind] = [await play([]), await play(['lambda', 'monitoring', 'cloudtrail'])];
  expect(blind.subjects()).toEqual(seeing.subjects());
  expect(blind.errors()).toBe(0);
  // Questions to the history take a second each, so that what comes later has other times and ids.
  const lines = (text: string): readonly string[] =>
    text.replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z|event [0-9a-f]{8}-[\w-]+|\d{13}/g, '…').split('\n');
  const added = lines(lastOf(blind)).filter((line) => !lines(lastOf(seeing)).includes(line));
  expect(added.filter((line) => !/log group|LoggingConfig/.test(line))).toEqual([
    '- The rotation function could not be examined: access denied (lambda:GetFunctionConfiguration, lambda:GetPolicy, lambda:GetFunctionConcurrency, cloudwatch:GetMetricData).',
    '- The history of changes could not be examined: access denied (cloudtrail:LookupEvents).',
    '- These come from events; the event history was not searched.',
  ]);
});

test('a broken function is reported as one, with events lost and no history, once a look at it is due', async () => {
  const props = { eventHistory: false };
  const deployed = await played('F11', { drop: 1, forMs: HOUR + 10 * MINUTE, props });
  expect(deployed.subjects()).toEqual([`[HIGH] ${NAME}: rotation-will-not-heal`]);
  expect(calls(deployed, 'cloudtrail:LookupEvents')).toBe(0);
});

test('a function is not looked at where the settings say so', async () => {
  const props = { inspectFunctions: false };
  const deployed = await played('F11', { props });
  expect(deployed.alarming().map(({ subject }) => subject)).toEqual([
    `[MEDIUM] ${NAME}: rotation-failed`,
    `[HIGH] ${NAME}: stuck-pending`,
  ]);
  expect(calls(deployed, 'lambda:GetFunctionConfiguration')).toBe(0);
});

test('where events are lost the history has the step, and the alert comes as soon', async () => {
  const deployed = await played('F5', { drop: 1 });
  const [mail] = deployed.alarming();
  expect(mail?.subject).toBe(`[CRITICAL] ${NAME}: rotation-failed`);
  expect(mail?.message).toContain('had reached testSecret');
  expect((mail?.at ?? 0) - deployed.beganAt).toBeLessThanOrEqual(15 * MINUTE);
  expect(deployed.simulator.cloudWatch.last('RotationFailed')).toBe(1);
});

test('a function that is mended lets the next attempt heal the rotation, and the alert ends', async () => {
  const deployed = await aDeployment((simulator) => seed(simulator, { behaviour: 'healthy' }));
  const { simulator } = deployed;
  await simulator.clock.advanceTo(later(START, 6 * MINUTE));
  await rotate(simulator);
  await changing('RemovePermission', { StatementId: 'SecretsManagerAccess' })(simulator);
  await simulator.clock.advance(25 * MINUTE);
  const permission = { Action: 'lambda:InvokeFunction', Principal: 'secretsmanager.amazonaws.com' };
  await changing('AddPermission', { StatementId: 'again', ...permission })(simulator);
  await simulator.clock.advance(HOUR / 2);
  expect(deployed.subjects()).toEqual([
    `[HIGH] ${NAME}: rotation-will-not-heal`,
    `[RESOLVED] ${NAME}: rotation-will-not-heal`,
  ]);
});

test('120 secrets behind one function cost one look at it, and one message', async () => {
  const names = Array.from({ length: 120 }, (_, index) => `${NAME}-${index}`);
  const deployed = await aDeployment((simulator) => {
    for (const name of names) seed(simulator, { behaviour: 'healthy' }, { name });
  });
  const { simulator } = deployed;
  await simulator.clock.advanceTo(later(START, 6 * MINUTE));
  for (const name of names) await rotate(simulator, { SecretId: name });
  await changing('DeleteFunction')(simulator);
  await simulator.clock.advance(18 * MINUTE);
  expect(deployed.subjects()).toEqual(['[HIGH] 120 secrets: rotation-will-not-heal']);
  expect(calls(deployed, 'lambda:GetFunctionConfiguration')).toBe(1);
  expect(deployed.errors()).toBe(0);
});

test('nothing of the environment of a function is sent, logged or stored', async () => {
  const deployed = await aDeployment((simulator) => {
    const configuration = { environment: { PASSWORD: 'planted-token' } };
    seed(simulator, { behaviour: 'error', step: 'createSecret', configuration });
  });
  const { simulator, deployment, logs } = deployed;
  await simulator.clock.advanceTo(later(START, 6 * MINUTE));
  const Environment = { Variables: { PASSWORD: 'planted-token', HOST: 'planted-token' } };
  await changing('UpdateFunctionConfiguration', { Environment })(simulator);
  await rotate(simulator);
  await simulator.clock.advance(70 * MINUTE);
  expect(calls(deployed, 'lambda:GetFunctionConfiguration')).toBeGreaterThan(0);
  const scanned = await simulator.call(
    'dynamodb',
    'Scan',
    { TableName: deployment.config.tableName },
    'auditor',
  );
  const everything = JSON.stringify([deployed.mails(), logs, scanned]);
  expect(everything).toContain('changed the configuration of the rotation function');
  expect(everything).not.toContain('planted-token');
});
