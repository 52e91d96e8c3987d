import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../src/calendar/instant.ts';
import { aDeployment, CONFIG, type Deployed, type DeployedOptions } from '../support/deployed.ts';
import { sdk } from '../support/simulated.ts';

const NAME = 'prod/orders';
const SETTINGS = { parameters: { ConfirmAfter: '1m' }, sweepEveryMs: MINUTE };

/** An event of the application bus, with its time. */
interface Heard {
  readonly at: number;
  readonly detail: { readonly secretArn: string; readonly versionId: string };
}

/** A deployment whose one secret rotates every four hours from an hour on, and what processes hear. */
async function listening(settings: DeployedOptions, fromHour = 0) {
  const deployed = await aDeployment(({ secretsManager }) => {
    secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
    const schedule = { schedule: `cron(0 ${fromHour}/4 * * ? *)`, duration: '1h' };
    secretsManager.seed({ name: NAME, kind: 'function', function: 'rotate', ...schedule });
  }, settings);
  const { simulator } = deployed;
  const heard: Heard[] = [];
  const onMove: ((detail: Heard['detail']) => Promise<void>)[] = [];
  const Arn = simulator.functions.register('processes', async (event) => {
    const { detail } = event as Pick<Heard, 'detail'>;
    heard.push({ at: simulator.clock.now(), detail });
    for (const listener of onMove) await listener(detail);
  });
  const rule = { Name: 'processes', EventBusName: CONFIG.applicationBusName };
  const EventPattern = JSON.stringify({ source: ['secret-rotation-monitor'] });
  await simulator.call('events', 'PutRule', { ...rule, EventPattern }, 'operator');
  const Targets = [{ Id: 'a', Arn }];
  await simulator.call(
    'events',
    'PutTargets',
    { Rule: rule.Name, EventBusName: rule.EventBusName, Targets },
    'operator',
  );
  return { ...deployed, heard, onMove };
}

/** A process that writes leases; what it does after a move is up to the test. */
function aProcess({ simulator }: Deployed, consumer: string) {
  const client = new DynamoDBClient(sdk(simulator, consumer));
  const key = (pk: string) => ({ pk: { S: pk }, sk: { S: `lease#${consumer}` } });
  const now = () => simulator.clock.now();
  return {
    consumer,
    confirm: async (arn: string, versionId: string, lastsMs = 10 * MINUTE) => {
      const times = {
        expiresAt: { N: String(Math.ceil((now() + lastsMs) / 1000)) },
        confirmedAt: { N: String(now()) },
      };
      const Item = { ...key(arn), ...times, confirmedVersionId: { S: versionId } };
      await client.send(new PutItemCommand({ TableName: CONFIG.leaseTableName, Item }));
    },
    leave: async (arn: string) => {
      await client.send(new DeleteItemCommand({ TableName: CONFIG.leaseTableName, Key: key(arn) }));
    },
  };
}

test('a process that hangs is named within a minute of its time to confirm, and ten that scaled in are not', async () => {
  const stage = await listening(SETTINGS, 1);
  const { simulator, heard, onMove } = stage;
  await simulator.clock.advance(4.9 * HOUR);
  const last = heard.at(-1);
  if (last === undefined) throw new Error('No move was reported');
  const { secretArn, versionId } = last.detail;
  const all = Array.from({ length: 18 }, (_, index) => aProcess(stage, `orders-${index}`));
  const [hangs, ...others] = all;
  const scaledIn = others.slice(0, 10);
  const living = others.slice(10);
  onMove.push(async (detail) => {
    for (const each of living) await each.confirm(detail.secretArn, detail.versionId);
  });
  // Some time after five the next rotation comes; until then all renew. Five end without a word: their leases run out.
  for (const before = heard.length; heard.length === before; await simulator.clock.advance(MINUTE)) {
    for (const each of [hangs, ...living]) await each?.confirm(secretArn, versionId);
    for (const each of scaledIn) await each.confirm(secretArn, versionId, 62 * SECOND);
  }
  for (const each of scaledIn.slice(0, 5)) await each.leave(secretArn);
  await simulator.clock.advance(10 * MINUTE);
  const mail = stage.mails().find(({ subject }) => subject === '[LOW] prod/orders: invalidation-unconfirmed');
  expect(mail?.message).toContain(hangs?.consumer);
  for (const { consumer } of [...scaledIn, ...living])
    expect(mail?.message).not.toMatch(new RegExp(`${consumer}\\b`));
  const rotated = simulator.secretsManager.history(NAME).at(-1)?.at ?? 0;
  const dueAt = (heard.at(-1)?.at ?? rotated) + MINUTE;
  // A sweep a minute finds it; the message waits half a minute for others of its kind.
  expect((mail?.at ?? Number.POSITIVE_INFINITY) - dueAt).toBeLessThanOrEqual(MINUTE + 35 * SECOND);
  expect(simulator.cloudWatch.last('InvalidationsConfirmed')).toBe(living.length);
});

test('a move is sent within a second by the clock of the simulated AWS, a rollback too: nothing on the way waits', async () => {
  const { simulator, heard } = await listening({});
  await simulator.clock.advance(20 * MINUTE);
  const call = (operation: string, input: object) =>
    simulator.call('secretsmanager', operation, { SecretId: NAME, ...input }, 'operator');
  const holder = (stage: string) => {
    const { stages = {} } = simulator.secretsManager.history(NAME).at(-1) ?? {};
    return Object.entries(stages).find(([, held]) => held.includes(stage))?.[0] ?? '';
  };
  for (let turn = 0; turn < 10; turn++) {
    const isBack = turn % 5 === 4;
    const versionId = isBack ? holder('AWSPREVIOUS') : crypto.randomUUID();
    const from = { VersionStage: 'AWSCURRENT', RemoveFromVersionId: holder('AWSCURRENT') };
    if (isBack) await call('UpdateSecretVersionStage', { ...from, MoveToVersionId: versionId });
    else await call('PutSecretValue', { ClientRequestToken: versionId, SecretString: 'value' });
    const movedAt = simulator.clock.now();
    await simulator.clock.advance(SECOND);
    expect(heard.at(-1)).toMatchObject({ detail: { versionId } });
    expect((heard.at(-1)?.at ?? 0) - movedAt).toBeLessThan(SECOND);
    await simulator.clock.advance(7 * MINUTE);
  }
});

test('with a tenth of the native events lost, every move is reported one sweep later at most, and none older', async () => {
  const stage = await listening({});
  const { simulator, heard } = stage;
  simulator.eventBridge.setFaults({ drop: 0.1 });
  await simulator.clock.advance(20 * MINUTE);
  const moves: { readonly versionId: string; readonly at: number }[] = [];
  for (let turn = 0; turn < 40; turn++) {
    const ClientRequestToken = crypto.randomUUID();
    const input = { SecretId: NAME, ClientRequestToken, SecretString: 'value' };
    await simulator.call('secretsmanager', 'PutSecretValue', input, 'operator');
    moves.push({ versionId: ClientRequestToken, at: simulator.clock.now() });
    await simulator.clock.advance(7 * MINUTE);
  }
  const versions = heard.map(({ detail }) => detail.versionId);
  for (const { versionId, at } of moves) {
    const told = heard.find(({ detail }) => detail.versionId === versionId);
    expect((told?.at ?? Number.POSITIVE_INFINITY) - at).toBeLessThanOrEqual(6 * MINUTE);
  }
  const own = versions.filter((versionId) => moves.some((move) => move.versionId === versionId));
  expect(own).toEqual(moves.map(({ versionId }) => versionId));
  expect(simulator.eventBridge.counts().dropped).toBeGreaterThan(0);
});
