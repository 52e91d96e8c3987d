import { expect, test } from 'vitest';
import { DAY, HOUR, later } from '../../src/calendar/instant.ts';
import { aDeployment, START } from '../support/deployed.ts';
import { serviceEvent } from '../support/events/envelopes.ts';

const VALUE = 'planted-value-5f1c';
const TOKEN = 'planted-token-9d3e';
/** Seldom enough for days to pass quickly; what goes over the wire is what is looked for. */
const OVER_DAYS = { sweepEveryMs: HOUR, wire: true };

test('a planted value and a planted token are in no log, metric, message, event, queue or table', async () => {
  const { simulator, deployment, logs, mails } = await aDeployment(({ secretsManager }) => {
    secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
    secretsManager.functions.register({ name: 'broken', behaviour: 'error', step: 'testSecret' });
    for (const name of ['rotate', 'broken']) {
      const versions = [{ stages: ['AWSCURRENT'], value: VALUE }];
      secretsManager.seed({ name, kind: 'function', function: name, schedule: 'rate(1 day)', versions });
    }
  }, OVER_DAYS);
  const heard: unknown[] = [];
  const Arn = simulator.functions.register('application', (event) => void heard.push(event));
  const rule = { Name: 'app', EventBusName: 'applications' };
  await simulator.call('events', 'PutRule', { ...rule, EventPattern: '{"version":["0"]}' }, 'deployer');
  const Targets = [{ Id: 'app', Arn }];
  await simulator.call(
    'events',
    'PutTargets',
    { Rule: 'app', EventBusName: 'applications', Targets },
    'deployer',
  );
  await simulator.clock.advanceTo(later(START, DAY));
  const [secret] = [...simulator.secretsManager.secrets()];
  const poisoned = serviceEvent('RotationFailed', {
    errorMessage: `Error when executing lambda ${TOKEN} during testSecret step: ${VALUE}`,
    requestParameters: { secretString: VALUE, rotationToken: TOKEN },
    userAgent: TOKEN,
    additionalEventData: { SecretId: secret?.arn, note: VALUE },
    requestID: `Rotation-${secret?.arn}-${TOKEN}`,
  });
  for (const body of [
    JSON.stringify(poisoned),
    JSON.stringify({ ...poisoned, detail: TOKEN }),
    `{"${VALUE}`,
  ]) {
    const QueueUrl = simulator.queues.url(
      simulator.queues.find(deployment.idOf('AWS::SQS::Queue', 'RotationEvents')),
    );
    await simulator.call('sqs', 'SendMessage', { QueueUrl, MessageBody: body }, 'attacker');
  }
  await simulator.call(
    'secretsmanager',
    'PutSecretValue',
    { SecretId: 'broken', SecretString: VALUE, ClientRequestToken: '44444444-4444-4444-8444-444444444444' },
    'operator',
  );
  await simulator.clock.advanceTo(later(START, 3 * DAY));
  expect(mails().length).toBeGreaterThan(0);
  expect(heard.length).toBeGreaterThan(0);
  expect(logs.some((line) => line.includes('not understood'))).toBe(true);
  const table = await simulator.call(
    'dynamodb',
    'Scan',
    { TableName: deployment.config.tableName },
    'auditor',
  );
  const metrics = await simulator.call('monitoring', 'ListMetrics', {}, 'auditor');
  const lastErrors = deployment.functions.map(({ name }) =>
    String(simulator.functions.stats(name).lastError),
  );
  const everything = JSON.stringify({ logs, mails: mails(), heard, table, metrics, lastErrors });
  expect(everything).not.toContain(VALUE);
  expect(everything).not.toContain(TOKEN);
});

test('no role of the monitor reads a value, and each makes only the calls it is meant to make', async () => {
  const { simulator, deployment } = await aDeployment(({ secretsManager }) => {
    secretsManager.functions.register({ name: 'rotate', behaviour: 'flaky', step: 'setSecret', times: 3 });
    secretsManager.functions.register({ name: 'broken', behaviour: 'error', step: 'testSecret' });
    for (const name of ['rotate', 'broken']) {
      secretsManager.seed({ name, kind: 'function', function: name, schedule: 'rate(1 day)' });
    }
    const old = [
      { stages: ['AWSCURRENT'] },
      { stages: ['AWSPENDING'], value: null, createdAt: later(START, -DAY) },
    ];
    secretsManager.seed({
      name: 'old',
      kind: 'function',
      function: 'broken',
      schedule: 'rate(1 day)',
      versions: old,
    });
  }, OVER_DAYS);
  await simulator.clock.advanceTo(later(START, 3 * DAY));
  const operations = deployment.roles.flatMap((role) => Object.keys(simulator.callLog.counts(role)));
  expect(operations.length).toBeGreaterThan(10);
  expect(operations.filter((operation) => /GetSecretValue/.test(operation))).toEqual([]);
  const ofSecretsManager = new Set(operations.filter((operation) => operation.startsWith('secretsmanager:')));
  expect([...ofSecretsManager].sort()).toEqual([
    'secretsmanager:DescribeSecret',
    'secretsmanager:ListSecretVersionIds',
    'secretsmanager:ListSecrets',
  ]);
});
