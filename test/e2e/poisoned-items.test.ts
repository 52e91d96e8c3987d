import { expect, test } from 'vitest';
import * as z from 'zod';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { EVERY_GROUP } from '../../src/monitor/domain/alert/refusal.ts';
import { aDeployment, CONFIG, type Deployed, START } from '../support/deployed.ts';
import type { TestSimulator } from '../support/simulated.ts';

const POISONED = 'prod/orders';
const OTHER = 'prod/stock';
const { tableName: TABLE, leaseTableName: LEASES } = CONFIG;
/** Several sweeps in the hours before and after each poisoning. */
const SWEEP_EVERY_MS: number = 20 * MINUTE;

/** Two secrets with functions of their own that fail every night, one after the other. */
function twoFail({ secretsManager }: TestSimulator): void {
  for (const [name, hour] of [
    [POISONED, 1],
    [OTHER, 3],
  ] as const) {
    secretsManager.functions.register({ name: `rotate-${hour}`, behaviour: 'error', step: 'setSecret' });
    const schedule = { schedule: `cron(0 ${hour} * * ? *)`, duration: '1h' };
    secretsManager.seed({ name, kind: 'function', function: `rotate-${hour}`, ...schedule });
  }
}

type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

const scan = async ({ call }: TestSimulator): Promise<readonly Item[]> => {
  const { Items } = (await call('dynamodb', 'Scan', { TableName: TABLE }, 'auditor')) as { Items: Item[] };
  return Items;
};

const put = ({ call }: TestSimulator, Item: Item) =>
  call('dynamodb', 'PutItem', { TableName: TABLE, Item }, 'attacker');

/** Spoils every item of a kind that is about anything, and adds one of it about the first secret. */
async function poison({ simulator }: Deployed, sk: string, spoil: (item: Item) => Item): Promise<number> {
  const items = (await scan(simulator)).filter((item) => item['sk']?.S?.startsWith(sk));
  const spoiled = items.filter(({ pk }) => !pk?.S?.includes(OTHER));
  for (const item of spoiled) await put(simulator, spoil(item));
  return spoiled.length;
}

const withBody =
  (S: string) =>
  (item: Item): Item => ({ ...item, body: { S } });

/** A time that no clock here comes to. */
const YEARS_AHEAD = 4_102_444_800_000;

/** The item with every time in it years ahead: nothing is amiss with its form. */
const ahead = (item: Item): Item => {
  const body = JSON.parse(item['body']?.S ?? '{}', (_key, value: unknown) => {
    if (typeof value === 'number') return value > 1e12 ? YEARS_AHEAD : value;
    // Records of groups hold their times as the ends of words.
    return typeof value === 'string'
      ? value.replaceAll(/(?<=^| )(\w+\.\d?)[a-z\d]{8}(?= |$)/g, `$1${YEARS_AHEAD.toString(36)}`)
      : value;
  });
  return { ...item, body: { S: JSON.stringify(body) } };
};

/** The record of a target whose alert topic has refused everything, at a time that is years ahead. */
const refusing = (item: Item): Item => {
  const refusals = [{ group: EVERY_GROUP, reason: 'denied', at: YEARS_AHEAD }];
  return { ...item, body: { S: JSON.stringify({ ...JSON.parse(item['body']?.S ?? '{}'), refusals }) } };
};

/** Night of the first secret, poison, night of the second: the alerts that people get from then on. */
async function toldAfter(sk: string, spoil: (item: Item) => Item, drop = 0) {
  const deployed = await aDeployment(twoFail, {
    props: { inspectFunctions: false },
    sweepEveryMs: SWEEP_EVERY_MS,
    wire: true,
  });
  const { simulator, subjects, errors } = deployed;
  await simulator.clock.advanceTo(later(START, 2 * HOUR + 20 * MINUTE));
  const before = subjects().length;
  expect(subjects().join()).toContain(POISONED);
  const spoiled = await poison(deployed, sk, spoil);
  simulator.eventBridge.setFaults({ drop });
  await simulator.clock.advance(3 * HOUR);
  return { deployed, spoiled, told: subjects().slice(before), errors: errors() };
}

test.each<[string, string, (item: Item) => Item]>([
  ['state that is no JSON', 'state', withBody('{"curl evil')],
  ['state that is something else', 'state', withBody('[{"outbox":1}]')],
  [
    'state whose outbox holds something else',
    'state',
    (item) => ({
      ...item,
      undelivered: { S: 'undelivered' },
      body: { S: JSON.stringify({ ...JSON.parse(item['body']?.S ?? ''), outbox: [{ finding: 7 }] }) },
    }),
  ],
  [
    'state that has something to say and cannot be read',
    'state',
    (item) => ({ ...item, undelivered: { S: 'undelivered' }, body: { S: 'x' } }),
  ],
  ['state without a revision', 'state', (item) => ({ ...item, revision: { S: 'x' } })],
  ['record of a target', 'target', withBody('"x"')],
  ['record of sweeps', 'sweep', withBody('{"last":7}')],
  ['record of a group', 'group', withBody('{"members":"a.9x"}')],
  ['attempt', 'attempt#', (item) => ({ ...item, startedAt: { N: '1e40' } })],
])('a poisoned %s takes no other alert along', async (_case, sk, spoil) => {
  const { spoiled, told, errors, deployed } = await toldAfter(sk, spoil);
  expect(spoiled).toBeGreaterThan(0);
  expect(told.filter((subject) => subject.includes(OTHER)).length).toBeGreaterThan(0);
  expect(errors).toBe(0);
  const mails = JSON.stringify(deployed.mails());
  expect(mails + deployed.logs.join('')).not.toContain('curl evil');
});

test.each<[string, string, (item: Item) => Item]>([
  ['state', 'state', ahead],
  ['record of a target', 'target', ahead],
  ['record of a target that refuses', 'target', refusing],
  ['record of sweeps', 'sweep', ahead],
  ['record of a group', 'group', ahead],
])('a %s of years ahead keeps no sweep from its work, and no alert from people', async (_case, sk, spoil) => {
  const { spoiled, told, errors } = await toldAfter(sk, spoil, 1);
  expect(spoiled).toBeGreaterThan(0);
  expect(told.filter((subject) => subject.includes(OTHER)).length).toBeGreaterThan(0);
  expect(errors).toBe(0);
});

test('a state that cannot be read is counted, and what it was about is judged anew', async () => {
  const { deployed, told } = await toldAfter('state', withBody('{"x'));
  expect(told.filter((subject) => subject.includes(POISONED)).length).toBeGreaterThan(0);
  const { logs, simulator } = deployed;
  expect(logs.filter((line) => line.includes('"kind":"state"')).length).toBeGreaterThan(0);
  const bodies = (await scan(simulator))
    .filter(({ sk }) => sk?.S === 'state')
    .map(({ body }) => body?.S ?? '');
  expect(bodies.length).toBeGreaterThan(0);
  for (const body of bodies) expect(() => JSON.parse(body)).not.toThrow();
});

test.each<[string, Item['until']]>([
  ['years ahead', { N: String(YEARS_AHEAD) }],
  ['at no time', { S: 'never' }],
])('locks of somebody that end %s keep nobody from their work', async (_case, until) => {
  const deployed = await aDeployment(twoFail, { sweepEveryMs: SWEEP_EVERY_MS, wire: true });
  const { simulator } = deployed;
  const { account, region } = simulator.home;
  for (const name of ['deliver', 'gauges', `sweep#${account}#${region}`]) {
    const Item = { pk: { S: `lock#${name}` }, sk: { S: 'lock' }, holder: { S: 'x' }, until: until ?? {} };
    await put(simulator, Item);
  }
  await simulator.clock.advanceTo(later(START, 2 * HOUR));
  expect(deployed.subjects().join()).toContain(POISONED);
  const sweep = (await scan(simulator)).find(({ sk }) => sk?.S === 'sweep');
  expect(JSON.parse(sweep?.['body']?.S ?? '{}')).toMatchObject({ last: { tally: { observed: 2 } } });
  expect(deployed.errors()).toBe(0);
});

test('a poisoned lease takes no other lease along', async () => {
  const deployed = await aDeployment(twoFail, { sweepEveryMs: SWEEP_EVERY_MS, wire: true });
  const { simulator } = deployed;
  const [secret] = [...simulator.secretsManager.secrets()];
  const Item = { pk: { S: secret?.arn ?? '' }, sk: { S: 'lease#x' }, expiresAt: { S: 'x' } };
  await simulator.call('dynamodb', 'PutItem', { TableName: LEASES, Item }, 'attacker');
  await simulator.clock.advanceTo(later(START, 4 * HOUR));
  expect(deployed.subjects().join()).toContain(OTHER);
  expect(deployed.errors()).toBe(0);
});

test.each([
  ['no date', '8640000000000001'],
  ['years ahead', '4102444800000'],
])('a move with a time that is %s keeps no later move from applications', async (_case, changedAt) => {
  const deployed = await aDeployment(
    ({ secretsManager }) => {
      secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
      const schedule = { schedule: 'cron(0 2/4 * * ? *)', duration: '1h' };
      secretsManager.seed({ name: POISONED, kind: 'function', function: 'rotate', ...schedule });
    },
    { sweepEveryMs: SWEEP_EVERY_MS, wire: true },
  );
  const { simulator, logs, errors } = deployed;
  await simulator.clock.advanceTo(later(START, 4 * HOUR));
  const spoil = (item: Item): Item => ({ ...item, changedAt: { N: changedAt }, asOf: { N: changedAt } });
  expect(await poison(deployed, 'move', spoil)).toBe(1);
  await simulator.clock.advance(4 * HOUR);
  const [move] = (await scan(simulator)).filter(({ sk }) => sk?.S === 'move');
  const { VersionIdsToStages } = z
    .object({ VersionIdsToStages: z.record(z.string(), z.array(z.string())) })
    .parse(await simulator.call('secretsmanager', 'DescribeSecret', { SecretId: POISONED }, 'auditor'));
  expect(VersionIdsToStages[move?.['versionId']?.S ?? '']).toContain('AWSCURRENT');
  expect(Number(move?.['changedAt']?.N)).toBeLessThan(simulator.clock.now());
  expect(logs.some((line) => line.includes('"kind":"move"'))).toBe(true);
  expect(errors()).toBe(0);
});
