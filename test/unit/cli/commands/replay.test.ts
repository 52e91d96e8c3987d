import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { HOUR, MINUTE } from '../../../../src/calendar/instant.ts';
import { run } from '../../../../src/cli/run.ts';
import { aSimulator } from '../../../support/simulated.ts';
import { aTerminal } from '../../../support/terminal.ts';

const STUCK = '22222222-2222-4222-8222-222222222222';
const NEXT = '44444444-4444-4444-8444-444444444444';
const schema = z.fromJSONSchema(JSON.parse(readFileSync('docs/schemas/replay.json', 'utf8')));

/** A file of this content, until the test ends. */
function file(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'events.json');
  writeFileSync(path, content);
  return path;
}

async function replayed(content: string, ...args: readonly string[]) {
  const terminal = aTerminal({ environment: { ROTATION_MONITOR_STUCK_AFTER: '2h' } });
  const code = await run(['replay', file(content), ...args], terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

/** Returns CloudTrail's records of a rotation that cannot set the password, and that succeeds once it can. */
async function recordedTrouble({ healsAfterMs }: { readonly healsAfterMs?: number } = {}): Promise<string> {
  const simulator = aSimulator();
  const { functions, seed } = simulator.secretsManager;
  const { arn } = functions.register({ name: 'rotate-db', behaviour: 'error', step: 'setSecret' });
  seed({ name: 'prod/db', kind: 'function', function: arn, schedule: 'rate(30 days)' });
  const call = (operation: string, input = {}) =>
    simulator.call('secretsmanager', operation, { SecretId: 'prod/db', ...input }, 'deployer');
  await call('RotateSecret', { ClientRequestToken: STUCK });
  if (healsAfterMs !== undefined) {
    await simulator.clock.advance(healsAfterMs);
    functions.register({ name: 'rotate-db', behaviour: 'healthy' });
    await call('UpdateSecretVersionStage', { VersionStage: 'AWSPENDING', RemoveFromVersionId: STUCK });
    await call('RotateSecret', { ClientRequestToken: NEXT });
  }
  await simulator.clock.advance(3 * HOUR);
  return JSON.stringify(await simulator.call('cloudtrail', 'LookupEvents', { MaxResults: 50 }, 'auditor'));
}

test('recorded failures are reported as the monitor would have reported them', async () => {
  const { code, out } = await replayed(await recordedTrouble());
  expect(code).toBe(1);
  expect(out).toMatch(/RotateSecret by .*deployer/);
  expect(out).toMatch(/\[MEDIUM\] prod\/db: rotation-failed\n.*\[HIGH\] prod\/db: stuck-pending\n/s);
  expect(out).toContain('AWSPENDING for 2 h');
});

test('a rotation that heals within its grace is reported to nobody, the end of one that heals later is', async () => {
  const soon = await replayed(await recordedTrouble({ healsAfterMs: MINUTE }));
  expect({ code: soon.code, out: soon.out }).toEqual({
    code: 0,
    out: expect.stringContaining('0 messages.'),
  });
  const late = await replayed(await recordedTrouble({ healsAfterMs: 4 * HOUR }), '--json');
  const { steps } = JSON.parse(late.out);
  const said = steps.flatMap((step: { said?: { transition: string } }) => step.said?.transition ?? []);
  expect(said.at(0)).toBe('opened');
  expect(said.at(-1)).toBe('resolved');
});

test('--json obeys its schema and prints nothing else', async () => {
  const { out, err } = await replayed(await recordedTrouble(), '--json');
  expect(err).toBe('');
  expect(schema.safeParse(JSON.parse(out))).toMatchObject({ success: true });
});

test('--verbose shows each message in full', async () => {
  const { out } = await replayed(await recordedTrouble(), '--verbose');
  expect(out).toMatch(/WHAT TO DO\n {4}1\. .*aws secretsmanager/s);
});

test('what cannot be understood is counted with its reason', async () => {
  const { code, out } = await replayed('[{"source": "aws.ec2"}]');
  expect(code).toBe(0);
  expect(out).toContain('1 event, 0 messages.\nNot recognised: foreign source (1).');
});

test('a file that is no JSON is reported in four parts', async () => {
  const { code, out, err } = await replayed('no JSON');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^Error: Cannot read the events in .*How to solve this.*Example\n {2}aws cloudtrail/s);
});
