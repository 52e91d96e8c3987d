import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DAY, formatInstant, HOUR, later } from '../../src/calendar/instant.ts';
import { fixSchema, planSchema } from '../../src/cli/schemas/fix-schema.ts';
import { currentLogsIn } from '../../src/proving/court/truth/ground-truth.ts';
import { AwsError } from '../../src/simulator/call/aws-error.ts';
import { CURRENT, NOW, PENDING } from '../support/builders.ts';
import { NAME } from '../support/failure-mode-stage.ts';
import { played } from '../support/played.ts';
import { runCommand } from '../support/run-command.ts';
import { aSimulator, type TestSimulator } from '../support/simulated.ts';
import type { TestTerminalOptions } from '../support/terminal.ts';

/** Settings that spare the tests the pauses that CloudTrail asks for. */
const environment = { ROTATION_MONITOR_EVENT_HISTORY: 'false', TZ: 'UTC' };
const interrupted = new Promise<void>(() => undefined);
const ACCOUNT = '111122223333';
const AT_NOW = ['--now', '2026-11-21T10:00:00Z'];

/** Options of a terminal where a person answers the two questions. */
const answering = (name: string, digits: string): TestTerminalOptions => ({
  environment,
  interrupted,
  ask: async (question) => (question.startsWith('Name') ? name : digits),
});

async function endpointOf(simulator: TestSimulator): Promise<readonly string[]> {
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  return ['--endpoint-url', endpoint, '--region', 'eu-west-1'];
}

/** A secret that is stuck, and whose version in use works by the operator's own proof. */
async function stuck() {
  const simulator = aSimulator();
  const { arn } = simulator.secretsManager.functions.register({ name: 'rotate-db', behaviour: 'error' });
  simulator.secretsManager.seed({
    name: 'prod/db',
    kind: 'function',
    function: arn,
    schedule: 'rate(30 days)',
    lastRotatedAt: later(NOW, -10 * DAY),
    versions: [
      { id: CURRENT, stages: ['AWSCURRENT'], createdAt: later(NOW, -10 * DAY) },
      { id: PENDING, stages: ['AWSPENDING'], createdAt: later(NOW, -2 * HOUR) },
    ],
  });
  const args = [...AT_NOW, ...(await endpointOf(simulator))];
  const fix = (options: TestTerminalOptions, ...more: readonly string[]) =>
    runCommand(['fix', 'prod/db', ...more, ...args], { interrupted, ...options });
  const stages = () => simulator.secretsManager.history('prod/db').at(-1)?.stages;
  const folder = await mkdtemp(join(tmpdir(), 'fix-'));
  return { simulator, fix, stages, path: join(folder, 'plan.json') };
}

const PENDING_STAGES = { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['AWSPENDING'] };
const GIVEN_UP = { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['rotation-rescue'] };

test('fix shows the plan with what each call changes and risks, and changes nothing', async () => {
  const { fix, stages } = await stuck();
  const { code, out, err } = await fix({ environment }, '--current-works');
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toMatch(/^prod\/db: HIGH stuck-pending\narn:aws/);
  expect(out).toMatch(
    /PLAN\n {2}1\. Puts the label rotation-rescue on version\n {5}2222.*2\. Removes AWSPENDING from version/s,
  );
  expect(stages()).toEqual(PENDING_STAGES);
});

test('fix refuses with the reason and the advice for people', async () => {
  const { fix, stages } = await stuck();
  const { code, out } = await fix({ environment });
  expect(code).toBe(1);
  expect(out).toMatch(
    /NOTHING WAS CHANGED \(step-unknown\)\n.*--current-works\.\n.*NOT KNOWN\n.*WHAT TO DO\n/s,
  );
  expect(stages()).toEqual(PENDING_STAGES);
});

test('fix --apply asks for the name and the account, and does it', async () => {
  const { fix, stages } = await stuck();
  const { code, out, err } = await fix(answering('prod/db', '3333'), '--current-works', '--apply');
  expect(err).toMatch(/PLAN\n.*Account {2}111122223333\nRegion {3}eu-west-1\nCaller {3}arn:aws:sts::/s);
  expect(code).toBe(0);
  expect(out).toMatch(/^prod\/db: repaired\n/);
  expect(stages()).toEqual(GIVEN_UP);
});

test.each([
  ['another name', answering('prod/bd', '3333')],
  ['another account', answering('prod/db', '4444')],
  ['no terminal', { environment }],
])('fix --apply with %s ends with 2 and changes nothing', async (_what, options) => {
  const { fix, stages } = await stuck();
  const { code, err } = await fix(options, '--current-works', '--apply');
  expect(code).toBe(2);
  expect(err).toMatch(/^Error: Cannot apply/m);
  expect(stages()).toEqual(PENDING_STAGES);
});

test('fix --out stores a plan that --apply carries out', async () => {
  const { fix, stages, path } = await stuck();
  expect((await fix({ environment }, '--current-works', '--out', path)).code).toBe(1);
  expect(planSchema.parse(JSON.parse(await readFile(path, 'utf8')))).toMatchObject({ account: ACCOUNT });
  const apply = ['--current-works', '--apply', path, '--yes', '--account', ACCOUNT];
  expect((await fix({ environment }, ...apply, '--json')).code).toBe(0);
  expect(stages()).toEqual(GIVEN_UP);
  expect((await fix({ environment }, ...apply)).code).toBe(0);
});

test('fix --out makes the folder of the plan', async () => {
  const { fix, path } = await stuck();
  const deeper = join(path, 'of', 'today.json');
  expect(await fix({ environment }, '--current-works', '--out', deeper)).toMatchObject({ code: 1, err: '' });
  expect(planSchema.parse(JSON.parse(await readFile(deeper, 'utf8')))).toMatchObject({ account: ACCOUNT });
});

test.each<readonly [string, (plan: Record<string, unknown>) => Record<string, unknown>, string]>([
  [
    'is older than an hour',
    (plan) => ({ ...plan, madeAt: formatInstant(later(NOW, -HOUR - 1000)) }),
    'It was made at',
  ],
  ['is for another version', (plan) => ({ ...plan, pending: CURRENT }), 'pending was'],
  ['has other calls', (plan) => ({ ...plan, calls: [] }), 'other calls'],
  ['is no plan', () => ({ hello: 'world' }), 'does not hold a plan'],
  ['is for another account', (plan) => ({ ...plan, account: '444455556666' }), 'for account 444455556666'],
])('a stored plan that %s is refused and changes nothing', async (_what, changed, said) => {
  const { fix, stages, path } = await stuck();
  await fix({ environment }, '--current-works', '--out', path);
  await writeFile(path, JSON.stringify(changed(JSON.parse(await readFile(path, 'utf8')))));
  const apply = ['--current-works', '--apply', path, '--yes', '--account', ACCOUNT];
  const { code, err } = await fix({ environment }, ...apply);
  expect(code).toBe(2);
  expect(err).toContain(said);
  expect(stages()).toEqual(PENDING_STAGES);
});

test.each([
  ['--apply', 'plan.json'],
  ['--apply', 'plan.json', '--yes'],
  ['--yes', '--account', ACCOUNT],
])('fix %s %s %s is not understood', async (...more) => {
  const { fix } = await stuck();
  const { code, err } = await fix({ environment }, ...more);
  expect(code).toBe(2);
  expect(err).toContain('Cannot apply a plan like this');
});

test.each([
  ['--rate', '5/min'],
  ['--stop-after-failures', '2'],
])('fix of one secret with %s is not understood', async (...more) => {
  const { fix } = await stuck();
  const { code, err } = await fix({ environment }, ...more);
  expect(code).toBe(2);
  expect(err).toContain('Cannot repair one secret at a pace');
});

test('fix that is interrupted ends with 3, says what was sent, and goes on when it is repeated', async () => {
  const { fix, stages } = await stuck();
  const options = answering('prod/db', '3333');
  const stopped = await fix({ ...options, interrupted: Promise.resolve() }, '--current-works', '--apply');
  expect(stopped.code).toBe(3);
  expect(stopped.out).toMatch(/^prod\/db: stopped\nIt was interrupted\..*SENT\n {2}- done: Puts the label/s);
  expect(stages()?.[PENDING]).toEqual(['AWSPENDING', 'rotation-rescue']);
  const again = await fix(options, '--current-works', '--apply');
  expect(again.code).toBe(0);
  expect(stages()).toEqual(GIVEN_UP);
});

test('fix whose session ends between two calls says so, with what was sent and what is true', async () => {
  const { simulator, fix, stages } = await stuck();
  let moves = 0;
  simulator.faults.before(({ operation }) => {
    moves += Number(operation === 'UpdateSecretVersionStage');
    if (moves > 1) throw new AwsError('ExpiredTokenException', 'The security token is expired', 403);
  });
  const { code, out } = await fix(answering('prod/db', '3333'), '--current-works', '--apply');
  expect(code).toBe(3);
  expect(out).toMatch(/^prod\/db: stopped\n.*log in again\.\n\nSENT\n.*done: Puts.*failed: Removes/s);
  expect(stages()).toEqual({ ...PENDING_STAGES, [PENDING]: ['AWSPENDING', 'rotation-rescue'] });
});

test('fix in a terminal repairs a secret whose AWSCURRENT is dead, and --json obeys its schema', async () => {
  const { simulator } = await played('F2');
  simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  const now = formatInstant(simulator.clock.now());
  const args = ['fix', NAME, '--json', '--apply', '--now', now, ...(await endpointOf(simulator))];
  const { out, code } = await runCommand(args, { ...answering(NAME, '3333'), environment: { TZ: 'UTC' } });
  expect(fixSchema.parse(JSON.parse(out))).toMatchObject({ outcome: 'repaired' });
  expect(code).toBe(0);
  const last = simulator.secretsManager.history(NAME).at(-1);
  expect(last && currentLogsIn(last)).toBe(true);
});
