import { setTimeout } from 'node:timers/promises';
import {
  DescribeSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect, onTestFinished, test } from 'vitest';
import { DAY, HOUR, type Instant, instant, later } from '../../src/calendar/instant.ts';
import { fixFunctionSchema } from '../../src/cli/schemas/fix-function-schema.ts';
import { AwsError } from '../../src/simulator/call/aws-error.ts';
import { NOW } from '../support/builders.ts';
import { startCli } from '../support/cli.ts';
import { runCommand } from '../support/run-command.ts';
import { aSimulator, sdk } from '../support/simulated.ts';
import type { TestTerminalOptions } from '../support/terminal.ts';

/** Three stuck secrets behind one function, one healthy one, and one of another function. */
async function crowd() {
  const simulator = aSimulator();
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  const { secretsManager } = simulator;
  const register = (name: string) => secretsManager.functions.register({ name, behaviour: 'error' }).arn;
  const functionArn = register('rotate-db');
  const seed = (name: string, rotates: string, isStuck: boolean) =>
    secretsManager.seed({
      name,
      kind: 'function',
      function: rotates,
      schedule: 'rate(30 days)',
      lastRotatedAt: later(NOW, -10 * DAY),
      versions: [
        { stages: ['AWSCURRENT'] },
        ...(isStuck ? [{ stages: ['AWSPENDING'], createdAt: later(NOW, -2 * HOUR) }] : []),
      ],
    });
  for (const name of ['prod/a', 'prod/b', 'prod/c']) seed(name, functionArn, true);
  seed('prod/fine', functionArn, false);
  seed('prod/other', register('rotate-other'), true);
  const where = ['--endpoint-url', endpoint, '--region', 'eu-west-1', '--now', '2026-11-21T10:00:00Z'];
  const command = ['fix', '--function', functionArn, '--current-works', '--rate', '999/min', ...where];
  const environment = { ROTATION_MONITOR_EVENT_HISTORY: 'false' };
  const run = (more: readonly string[], options: TestTerminalOptions = {}) =>
    runCommand([...command, ...more], {
      environment,
      interrupted: new Promise(() => undefined),
      ...options,
    });
  const start = (more: readonly string[]) => startCli([...command, ...more], environment);
  const pending = () =>
    [...secretsManager.secrets()]
      .filter(({ name }) =>
        JSON.stringify(secretsManager.history(name).at(-1)?.stages).includes('AWSPENDING'),
      )
      .map(({ name }) => name);
  return { simulator, functionArn, run, start, pending };
}

const SCRIPTED = ['--apply', '--yes', '--account', '111122223333', '--json'];

test('fix --function lists the secrets of the function, the trial first, and changes nothing', async () => {
  const { run, pending } = await crowd();
  const { code, out } = await run(['--json']);
  expect(code).toBe(1);
  const { secrets } = fixFunctionSchema.parse(JSON.parse(out)) as { secrets: { secretName: string }[] };
  expect(secrets).toMatchObject([
    { secretName: 'prod/c', isTrial: true, outcome: 'planned' },
    { secretName: 'prod/a', isTrial: false },
    { secretName: 'prod/b', isTrial: false },
  ]);
  expect(pending()).toHaveLength(4);
});

test('fix --function repairs them one after the other, and no secret of another function', async () => {
  const { run, pending } = await crowd();
  const { code, out, err } = await run(SCRIPTED);
  expect(code).toBe(0);
  expect(fixFunctionSchema.parse(JSON.parse(out))).toMatchObject({ outcome: 'repaired' });
  expect(err).toContain('3 secrets to be repaired: planned.');
  expect(pending()).toEqual(['prod/other']);
});

test('fix --function stops after the first failure', async () => {
  const { simulator, run, pending } = await crowd();
  simulator.faults.before(({ operation, input }) => {
    if (operation === 'UpdateSecretVersionStage' && String(input['SecretId']).includes('prod/a'))
      throw new AwsError('AccessDeniedException', 'not authorized');
  });
  const { code, out } = await run(SCRIPTED);
  expect(code).toBe(3);
  expect(fixFunctionSchema.parse(JSON.parse(out))).toMatchObject({
    outcome: 'stopped',
    secrets: [
      { secretName: 'prod/c', outcome: 'repaired' },
      { secretName: 'prod/a', outcome: 'stopped' },
      { secretName: 'prod/b', outcome: 'not-tried' },
    ],
  });
  expect(pending()).toEqual(['prod/a', 'prod/b', 'prod/other']);
});

test('fix --function asks a person for the function and the account, and does nothing on another answer', async () => {
  const { run, pending } = await crowd();
  const answers = (name: string): TestTerminalOptions => ({
    ask: async (question) => (question.startsWith('Name') ? name : '3333'),
  });
  expect(await run(['--apply'], answers('rotate-other'))).toMatchObject({ code: 2, out: '' });
  expect(pending()).toHaveLength(4);
  expect(await run(['--apply'], answers('rotate-db'))).toMatchObject({ code: 0 });
  expect(pending()).toEqual(['prod/other']);
});

test('fix --function without a terminal, for another account or with a secret changes nothing', async () => {
  const { run, pending } = await crowd();
  expect((await run(['--apply'])).err).toContain('without a terminal');
  expect((await run(['--apply', '--yes', '--account', '444455556666'])).err).toContain('another one');
  expect((await run(['prod/a'])).err).toContain('Either a secret or the ARN of a function');
  expect(pending()).toHaveLength(4);
});

/** The outcomes of a run of `fix --function --json`, and why it ended as it did. */
function toldOf({ code, out }: { readonly code: number; readonly out: string }) {
  const { outcome, because, secrets } = fixFunctionSchema.parse(JSON.parse(out)) as {
    outcome: string;
    because: string | null;
    secrets: { secretName: string; outcome: string; isTrial: boolean; because: string | null }[];
  };
  const outcomes = Object.fromEntries(secrets.map((each) => [each.secretName, each.outcome]));
  return { code, outcome, because, outcomes, secrets };
}

/** A key that has not been pressed yet. */
function ctrlC() {
  let press = (): void => undefined;
  const interrupted = new Promise<void>((resolve) => {
    press = resolve;
  });
  return { press: () => press(), interrupted };
}

test('fix --function ends when Ctrl-C comes between two repairs', async () => {
  const { run, pending } = await crowd();
  const { press, interrupted } = ctrlC();
  const clock = {
    now: () => instant(Date.now()),
    // The pause between two repairs is the only one of this length.
    pause: async (ms: number) => {
      if (ms === Math.ceil(60_000 / 999)) press();
      await setTimeout(20);
    },
  };
  const told = toldOf(await run(SCRIPTED, { interrupted, clock }));
  expect(told).toMatchObject({
    code: 3,
    outcome: 'stopped',
    because: 'It was interrupted: no other was begun.',
    outcomes: { 'prod/c': 'repaired', 'prod/a': 'not-tried', 'prod/b': 'not-tried' },
  });
  expect(pending()).toEqual(['prod/a', 'prod/b', 'prod/other']);
});

test('fix --function ends where nobody reads its progress any longer, and says what was done', async () => {
  const { start, pending } = await crowd();
  const running = start(SCRIPTED);
  running.stopReadingErrors();
  const { code, stdout } = await running.done;
  const told = toldOf({ code: code ?? -1, out: stdout });
  expect(told).toMatchObject({ code: 3, outcome: 'stopped', outcomes: { 'prod/c': 'repaired' } });
  const left = told.secrets.filter(({ outcome }) => outcome === 'not-tried');
  expect(pending()).toEqual([...left.map(({ secretName }) => secretName).sort(), 'prod/other']);
});

test('Ctrl-C during a repair begins no other, however many may fail', async () => {
  const { simulator, run } = await crowd();
  const { press, interrupted } = ctrlC();
  simulator.faults.before(({ operation }) => {
    if (operation === 'UpdateSecretVersionStage') press();
  });
  const told = toldOf(await run([...SCRIPTED, '--stop-after-failures', '5'], { interrupted }));
  expect(told).toMatchObject({ code: 3, because: 'It was interrupted: no other was begun.' });
  expect(told.outcomes).toMatchObject({ 'prod/a': 'not-tried', 'prod/b': 'not-tried' });
});

test('a secret that may not be looked at is listed with its reason, and the others are planned', async () => {
  const { simulator, run } = await crowd();
  simulator.faults.before(({ operation, input }) => {
    if (operation === 'DescribeSecret' && String(input['SecretId']).includes('prod/a'))
      throw new AwsError('AccessDeniedException', 'not authorized');
  });
  const told = toldOf(await run(['--json']));
  expect(told).toMatchObject({ code: 1, outcomes: { 'prod/a': 'refused', 'prod/b': 'planned' } });
  expect(told.secrets.at(-1)?.because).toMatch(/prod\/a.*denied|denied.*prod\/a/i);
});

test('a secret that cannot be looked at again ends the run, which says what was repaired', async () => {
  const { simulator, run, pending } = await crowd();
  let looks = 0;
  simulator.faults.before(({ operation, input }) => {
    if (operation !== 'DescribeSecret' || !String(input['SecretId']).includes('prod/a')) return;
    looks += 1;
    if (looks > 1) throw new AwsError('AccessDeniedException', 'not authorized');
  });
  const told = toldOf(await run(SCRIPTED));
  expect(told).toMatchObject({
    code: 3,
    outcome: 'stopped',
    because: 'A repair failed: no other was begun.',
    outcomes: { 'prod/c': 'repaired', 'prod/a': 'refused', 'prod/b': 'not-tried' },
  });
  expect(pending()).toEqual(['prod/a', 'prod/b', 'prod/other']);
});

test('a trial that needs no repair by now is none: the next of the lowest severity is', async () => {
  const { simulator, run } = await crowd();
  const client = new SecretsManagerClient(sdk(simulator));
  const stages = { SecretId: 'prod/c', VersionStage: 'AWSPENDING' };
  const ask = async (question: string): Promise<string> => {
    if (!question.startsWith('Name')) return '3333';
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: 'prod/c' }));
    const [RemoveFromVersionId] =
      Object.entries(VersionIdsToStages).find(([, labels]) => labels.includes('AWSPENDING')) ?? [];
    await client.send(new UpdateSecretVersionStageCommand({ ...stages, RemoveFromVersionId }));
    return 'rotate-db';
  };
  const { secrets } = toldOf(await run(['--apply', '--json'], { ask }));
  expect(secrets.map(({ secretName, outcome, isTrial }) => [secretName, outcome, isTrial])).toEqual([
    ['prod/c', 'refused', true],
    ['prod/b', 'repaired', true],
    ['prod/a', 'repaired', false],
  ]);
});

test('each repair is told when it is done', async () => {
  const { run } = await crowd();
  const { err } = await run(SCRIPTED);
  expect(err.match(/^\d of 3: .*$/gm)).toEqual([
    '1 of 3: prod/c: repaired.',
    '2 of 3: prod/a: repaired.',
    '3 of 3: prod/b: repaired.',
  ]);
});

test('how far the list was read is shown, also before a secret of the function is found', async () => {
  const { run } = await crowd();
  let ms = 0;
  const now = (): Instant => {
    ms += 3_000;
    return instant(Date.now() + ms);
  };
  const { err } = await run(['--json'], { clock: { now, pause: async () => undefined } });
  expect(err).toMatch(/^5 secrets read, 0 of this function …\n5 secrets read, 1 of this function …\n/m);
});
