import { expect, test } from 'vitest';
import { Arrivals } from '../../../../bench/chaos/engine/arrivals.ts';
import { chanceFrom } from '../../../../bench/chaos/engine/chance.ts';
import { Journal } from '../../../../bench/chaos/engine/journal.ts';
import { USUAL_FAULTS } from '../../../../bench/chaos/engine/options.ts';
import { Trouble } from '../../../../bench/chaos/engine/trouble.ts';
import { troubleAws } from '../../../../bench/chaos/engine/trouble-aws.ts';
import { ask } from '../../../../bench/chaos/engine/world.ts';
import { MINUTE, SECOND } from '../../../../src/calendar/instant.ts';
import { tableDefinition } from '../../../../src/monitor/adapters/dynamodb/table.ts';
import { aSimulator, type TestSimulator } from '../../../support/simulated.ts';

const SECRET = 'app/db';

/** A simulator with one secret, in the trouble of every run of chaos. */
function troubled(): TestSimulator {
  const simulator = aSimulator();
  simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  simulator.secretsManager.seed({ name: SECRET, kind: 'function', function: 'rotate', schedule: 30 });
  troubleAws({ simulator, options: { seed: 1 }, faults: USUAL_FAULTS, roles: [] });
  return simulator;
}

/** Whether `read` answers the same before and right after `change`, in most of thirty tries. */
async function lags(
  read: () => Promise<unknown>,
  change: (number: number) => Promise<unknown>,
  rest: () => Promise<void>,
) {
  let old = 0;
  for (let number = 0; number < 30; number++) {
    await rest();
    const before = await read();
    await change(number);
    if (JSON.stringify(await read()) === JSON.stringify(before)) old += 1;
  }
  return old > 20;
}

test.each(['DescribeSecret', 'ListSecrets'])('%s may show what was there a moment ago', async (operation) => {
  const { call, clock } = troubled();
  const input = operation === 'ListSecrets' ? {} : { SecretId: SECRET };
  const read = () => call('secretsmanager', operation, input, 'sweep');
  const tag = (number: number) =>
    call(
      'secretsmanager',
      'TagResource',
      { SecretId: SECRET, Tags: [{ Key: 'n', Value: String(number) }] },
      'operator',
    );
  expect(await lags(read, tag, () => clock.advance(10 * MINUTE))).toBe(true);
});

test('indexes of the table may show what was there a moment ago', async () => {
  const { call, clock } = troubled();
  await call('dynamodb', 'CreateTable', { ...tableDefinition('state') }, 'deployer');
  const values = { ':open': { S: 'here' } };
  const open = { TableName: 'state', IndexName: 'open', ExpressionAttributeNames: { '#open': 'open' } };
  const query = { ...open, KeyConditionExpression: '#open = :open', ExpressionAttributeValues: values };
  const put = (number: number) => {
    const Item = { pk: { S: String(number) }, sk: { S: 'state' }, open: { S: 'here' } };
    return call('dynamodb', 'PutItem', { TableName: 'state', Item }, 'sweep');
  };
  const read = () => call('dynamodb', 'Query', query, 'sweep');
  expect(await lags(read, put, () => clock.advance(10 * SECOND))).toBe(true);
});

test('a third of the rotations that people start have tokens that are no UUIDs', async () => {
  const tokens: string[] = [];
  const simulator = aSimulator();
  simulator.faults.before(({ input }) => void tokens.push(String(input['ClientRequestToken'])));
  const chance = chanceFrom(1, 1);
  for (let rotation = 0; rotation < 300; rotation++)
    await ask({ simulator, chance }, { arn: SECRET }, 'RotateSecret');
  const odd = tokens.filter((token) => /^terraform-\d{26}$/.test(token));
  expect(odd.length).toBeGreaterThan(80);
  expect(odd.length).toBeLessThan(120);
  expect(tokens.filter((token) => /^[0-9a-f-]{36}$/.test(token))).toHaveLength(300 - odd.length);
});

test('events of every other such token reach the monitor without it, and the court with it', async () => {
  const simulator = aSimulator();
  const arrivals = new Arrivals();
  const parts = {
    chance: chanceFrom(1, 2),
    journal: new Journal(),
    arrivals,
    sabotage: undefined,
    functions: [],
  };
  const { functions } = new Trouble({ ...parts, simulator, faults: { ...USUAL_FAULTS, kills: 0 } }).around();
  const received: string[] = [];
  functions.register('on-rotation-event', async (event) => void received.push(JSON.stringify(event)));
  const tokens = [1, 2].map((last) => `terraform-2026012204584868920000000${last}`);
  for (const token of tokens) {
    const requestID = `Rotation-arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/db-AbCdEf-${token}`;
    const detail = { eventName: 'RotationFailed', requestID };
    const body = JSON.stringify({ id: token.slice(-8), time: '2026-03-02T10:00:00Z', detail });
    await functions.invoke('on-rotation-event', { Records: [{ messageId: 'm', body }] });
  }
  expect(received.map((event) => tokens.filter((token) => event.includes(token)))).toEqual([[], [tokens[1]]]);
  for (const token of tokens) expect(arrivals.of(token)).toHaveLength(1);
});
