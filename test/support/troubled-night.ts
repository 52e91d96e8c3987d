import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context } from 'aws-lambda';
import { type EmfDocument, secretsManagerAgent } from '../../client/src/agent.ts';
import { HOUR, MINUTE } from '../../src/calendar/instant.ts';
import { composeSweep } from '../../src/monitor/compose/compose-sweep.ts';
import type { Config } from '../../src/monitor/config/settings.ts';
import { AwsError } from '../../src/simulator/call/aws-error.ts';
import type { FakeSlack } from './fake-slack.ts';
import type { TestSimulator } from './simulated.ts';

/** So many secrets that the list has a second page, before which a sweep can be handed over. */
const SECOND_PAGE = 101;
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** A monitor that is in trouble, and what its parts are called where it is deployed. */
export interface Troubled {
  readonly simulator: TestSimulator;
  readonly slack: FakeSlack;
  readonly config: Config;
  readonly rotationQueueUrl: string;
  /** Name and role of the function that sweeps. */
  readonly sweep: { readonly name: string; readonly role: string };
  /** Role of the function that delivers. */
  readonly deliverRole: string;
}

/** Secrets that rotate well and badly in every way that is counted. */
export function troubledSecrets({ secretsManager }: TestSimulator): void {
  const schedule = { schedule: 'cron(0 2 * * ? *)', duration: '2h' };
  for (const step of STEPS) {
    secretsManager.functions.register({ name: `rotate-${step}`, behaviour: 'error', step });
    secretsManager.seed({ name: `bad/${step}`, kind: 'function', function: `rotate-${step}`, ...schedule });
  }
  secretsManager.functions.register({ name: 'rotate-well', behaviour: 'healthy' });
  secretsManager.functions.register({
    name: 'rotate-twice',
    behaviour: 'flaky',
    step: 'setSecret',
    times: 1,
  });
  secretsManager.functions.register({ name: 'rotate-hanging', behaviour: 'hang', step: 'setSecret' });
  const replicas = [{ region: 'us-east-1', status: 'InSync', message: undefined }] as const;
  secretsManager.seed({ name: 'good/db', kind: 'function', function: 'rotate-well', ...schedule, replicas });
  secretsManager.seed({ name: 'good/copy', kind: 'replica' });
  secretsManager.seed({ name: 'good/flaky', kind: 'function', function: 'rotate-twice', ...schedule });
  secretsManager.seed({ name: 'bad/hanging', kind: 'function', function: 'rotate-hanging', ...schedule });
  secretsManager.seed({ name: 'bad/managed', kind: 'managed', ...schedule });
  secretsManager.configure('bad/managed', { managedFails: true });
  const later = { schedule: 'cron(0 4 * * ? *)', duration: '1h' };
  secretsManager.seed({ name: 'bad/later', kind: 'function', function: 'rotate-setSecret', ...later });
  for (let index = 0; index < SECOND_PAGE; index += 1)
    secretsManager.seed({ name: `still/${index}`, kind: 'none' });
}

/** A night of rotations of these secrets, and everything else that is counted when it happens. */
export async function goThroughTrouble(troubled: Troubled): Promise<void> {
  const { simulator, slack, sweep, deliverRole, rotationQueueUrl } = troubled;
  const { clock } = simulator;
  const operate = (operation: string, input: object) =>
    simulator.call('secretsmanager', operation, { ...input }, 'operator');
  await clock.advance(3 * HOUR);
  slack.answer({ status: 500, body: 'no' });
  await clock.advance(HOUR);
  simulator.faults.add({ kind: 'server-error', probability: 1, service: 'sns', role: deliverRole });
  await clock.advance(50 * MINUTE);
  await operate('PutSecretValue', {
    SecretId: 'bad/hanging',
    SecretString: '{"username":"app","password":"by-hand"}',
    ClientRequestToken: '0d0d0d0d-0000-4000-8000-000000000009',
  });
  const MessageBody = '{"source":"aws.secretsmanager"}';
  await simulator.call('sqs', 'SendMessage', { QueueUrl: rotationQueueUrl, MessageBody }, 'operator');
  await clock.advance(MINUTE);
  simulator.eventBridge.setFaults({ drop: 1 });
  await operate('RotateSecret', {
    SecretId: 'good/db',
    ClientRequestToken: '0d0d0d0d-0000-4000-8000-000000000010',
  });
  await spoilTable(troubled);
  await clock.advance(80 * MINUTE);
  await Promise.all([0, 1].map(() => simulator.functions.invoke(sweep.name, {})));
  await sweepOutOfTime(troubled);
  await readFromAgent(simulator);
  await clock.advance(10 * MINUTE);
}

/** An application that reads from a local agent that answers in text, and then from the API. */
async function readFromAgent({ clock, cloudWatch, requestHandler }: TestSimulator): Promise<void> {
  const agent = createServer((_request, response) => response.writeHead(400).end('missing parameter'));
  await new Promise<void>((resolve) => agent.listen(0, '127.0.0.1', resolve));
  const fallback = new SecretsManagerClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'application', secretAccessKey: 'simulated' },
    requestHandler: requestHandler('application'),
  });
  let document: EmfDocument | undefined;
  const source = secretsManagerAgent({
    endpoint: `http://127.0.0.1:${(agent.address() as AddressInfo).port}`,
    token: 'a-token',
    fallback,
    metrics: {
      service: 'shop',
      everyMs: 0,
      now: () => clock.now(),
      write: (written) => {
        document = written;
      },
    },
  });
  const request = { secretId: 'good/db' };
  await source.read(request, AbortSignal.timeout(10_000));
  // The first report is of before the first read.
  while (document?.['AgentErrorRate'] === undefined) await source.read(request, AbortSignal.timeout(10_000));
  cloudWatch.ingestEmf(JSON.stringify(document));
  agent.close();
}

/** An item that cannot be read, and a state that the table does not take. */
async function spoilTable({ simulator, config: { tableName }, sweep: { role } }: Troubled): Promise<void> {
  const arn = `arn:aws:secretsmanager:eu-west-1:${simulator.home.account}:secret:spoilt-AbCdEf`;
  const Item = { pk: { S: arn }, sk: { S: 'state' }, undelivered: { S: 'undelivered' }, body: { S: 'x' } };
  await simulator.call('dynamodb', 'PutItem', { TableName: tableName, Item }, 'attacker');
  simulator.faults.before(({ role: caller, operation, input }) => {
    if (caller !== role || operation !== 'PutItem' || !JSON.stringify(input).includes('bad/managed')) return;
    throw new AwsError('ValidationException', 'Item size has exceeded the maximum allowed size');
  });
}

/** A sweep whose time has run out once it has read a page. */
async function sweepOutOfTime({ simulator, config, sweep: { role } }: Troubled): Promise<void> {
  // A handler reads its settings when it is loaded; the deployment has set them by now.
  const { createSweep } = await import('../../src/monitor/handlers/sweep.ts');
  const sweep = createSweep(
    composeSweep(config, {
      clock: simulator.clock,
      requestHandler: simulator.requestHandler(role),
      writeLine: (line) => void simulator.cloudWatch.ingestEmf(line),
    }),
  );
  await sweep(
    {} as never,
    { awsRequestId: 'out-of-time', getRemainingTimeInMillis: () => 0 } as Context,
    () => undefined,
  );
}
