import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { DAY, formatInstant, HOUR, later, SECOND } from '../../src/calendar/instant.ts';
import { explainSchema } from '../../src/cli/schemas/explain-schema.ts';
import { NOW } from '../support/builders.ts';
import { deny } from '../support/denying.ts';
import { runCommand } from '../support/run-command.ts';
import { aSimulator, type TestSimulator } from '../support/simulated.ts';

const STUCK = '22222222-2222-4222-8222-222222222222';

const ENVIRONMENT = { TZ: 'UTC' };
/** Nobody knows then when an attempt failed. */
const WITHOUT_HISTORY = { ...ENVIRONMENT, ROTATION_MONITOR_EVENT_HISTORY: 'false' };

async function served(): Promise<{ simulator: TestSimulator; args: readonly string[] }> {
  const simulator = aSimulator();
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  const { secretsManager } = simulator;
  const { arn } = secretsManager.functions.register({ name: 'rotate-db', behaviour: 'error' });
  secretsManager.seed({ name: 'prod/fine', kind: 'none' });
  secretsManager.seed({
    name: 'prod/db',
    kind: 'function',
    function: arn,
    schedule: 'rate(30 days)',
    lastRotatedAt: later(NOW, -10 * DAY),
    versions: [
      { stages: ['AWSCURRENT'] },
      { id: STUCK, stages: ['AWSPENDING'], createdAt: later(NOW, -2 * HOUR) },
    ],
  });
  const args = ['--endpoint-url', endpoint, '--region', 'eu-west-1', '--now', '2026-11-21T10:00:00Z'];
  return { simulator, args };
}

test('explain shows all that is known about a stuck secret, ends with 1, and reads no value', async () => {
  const { simulator, args } = await served();
  const { code, out, err } = await runCommand(['explain', 'prod/db', ...args], {
    environment: { TZ: 'UTC' },
  });
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toMatch(
    /^prod\/db: HIGH stuck-pending\narn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/,
  );
  expect(out).toMatch(/VERSIONS\n {2}\* AWSCURRENT\n.*\? AWSPENDING\n {6}22222222-.*made .*, 2 h ago/s);
  expect(out).toContain('  Rotation is on: rate(30 days).\n');
  expect(out).toMatch(/^ {2}- stuck-pending: HIGH\. Version/m);
  expect(out).toMatch(/^ {2}- no-current-version: clear\. A secret with versions/m);
  expect(out).toMatch(/^ {2}- replication-failed: not applicable\. It applies while/m);
  expect(out).toMatch(/TIMELINE\n.*2026-11-21T08:00:00Z {2}Version 22222222/s);
  expect(out).toMatch(/WHAT TO DO\n.*aws lambda invoke/s);
  expect(out).toContain('--query VersionId --output text');
  expect(out).toContain('No monitor named "rotation-monitor" was found in eu-west-1.');
  const long = out
    .split('\n')
    .filter((each) => each.length > 80 && !/ (aws|arn:|rotation-monitor) ?/.test(each));
  expect(long.filter((each) => !each.startsWith('arn:'))).toEqual([]);
  expect(simulator.callLog.counts()).not.toHaveProperty('secretsmanager:GetSecretValue');
});

test('explain asks CloudTrail once a second in the time that passes, whatever time it judges by', async () => {
  const { simulator, args } = await served();
  const pausesMs: number[] = [];
  const clock = { now: () => later(NOW, HOUR), pause: async (ms: number) => void pausesMs.push(ms) };
  const { code } = await runCommand(['explain', 'prod/db', ...args], { clock });
  expect(code).toBe(1);
  const { 'cloudtrail:LookupEvents': asked = 0 } = simulator.callLog.counts();
  expect(asked).toBeGreaterThan(1);
  // By a clock that stands, each question waits a second longer than the one before.
  expect(pausesMs).toEqual(Array.from({ length: asked - 1 }, (_, index) => (index + 1) * SECOND));
});

test('explain --json obeys its schema, for what is wrong and for what is not', async () => {
  const { args } = await served();
  const environment = ENVIRONMENT;
  const stuck = await runCommand(['explain', 'prod/db', '--json', ...args], { environment });
  const fine = await runCommand(['explain', 'prod/fine', '--format', 'json', ...args], { environment });
  expect([stuck.code, fine.code]).toEqual([1, 0]);
  expect(explainSchema.parse(JSON.parse(stuck.out))).toMatchObject({ findings: [{ code: 'stuck-pending' }] });
  expect(explainSchema.parse(JSON.parse(fine.out))).toMatchObject({ findings: [] });
});

test('explain of a name that is not there ends with 2 and proposes the nearest', async () => {
  const { args } = await served();
  const { code, out, err } = await runCommand(['explain', 'prod/bd', ...args]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('Cannot find the secret "prod/bd"');
  expect(err).toContain('Did you mean prod/db');
});

test('explain says which right is missing', async () => {
  const { simulator, args } = await served();
  deny(simulator, 'DescribeSecret');
  const { code, err } = await runCommand(['explain', 'prod/db', ...args]);
  expect(code).toBe(2);
  expect(err).toMatch(/Error: Cannot explain the secret at http.*secretsmanager:DescribeSecret/s);
});

test('explain names what it could not see beside the secret', async () => {
  const { simulator, args } = await served();
  deny(simulator, 'GetPolicy');
  const { code, out } = await runCommand(['explain', 'prod/db', ...args], { environment: ENVIRONMENT });
  expect(code).toBe(1);
  expect(out).toContain('The rotation function: lambda:GetPolicy was denied.');
});

/** Two secrets behind one function, whose rotations fail at the same time. */
async function twoBehind(behaviour: 'error' | 'hang') {
  const { simulator, args } = await served();
  const { secretsManager, clock } = simulator;
  const { arn } = secretsManager.functions.register({ name: 'rotate-both', behaviour, step: 'setSecret' });
  const secrets = ['prod/one', 'prod/two'].map((name) =>
    secretsManager.seed({ name, kind: 'function', function: arn, schedule: 'rate(1 day)' }),
  );
  for (const { arn: SecretId } of secrets)
    await simulator.call(
      'secretsmanager',
      'RotateSecret',
      { SecretId, ClientRequestToken: randomUUID() },
      'operator',
    );
  await clock.advance(2 * HOUR);
  const log = async (name: string) => {
    const now = ['--now', formatInstant(clock.now())];
    const { out } = await runCommand(['explain', name, '--logs', '--json', ...args.slice(0, 4), ...now], {
      environment: WITHOUT_HISTORY,
    });
    return (explainSchema.parse(JSON.parse(out)) as { readonly log: readonly string[] }).log;
  };
  return { arns: secrets.map((secret) => secret.arn), log };
}

test('explain --logs shows the lines of this secret alone where one function rotates several', async () => {
  const { arns, log } = await twoBehind('error');
  const [one, two] = [(await log('prod/one')).join('\n'), (await log('prod/two')).join('\n')];
  expect(one).toMatch(
    /: the latest \d+ error lines of this attempt, redacted\.\nRequest [-0-9a-f]{36}, 2026-/,
  );
  expect(one).toContain(arns[0]);
  expect(one).not.toContain(arns[1]);
  expect(two).toContain(arns[1]);
  expect(two).not.toContain(arns[0]);
  expect(one).toMatch(/\n {2}\[ERROR\] .*StepFailure|\n {2}\[ERROR\] ValueError/);
});

test('explain --logs shows no line that may be of another secret, and the command', async () => {
  const { log } = await twoBehind('hang');
  expect(await log('prod/one')).toEqual([
    expect.stringMatching(/has no error line since .* that is known to be of this attempt\./),
    expect.stringContaining('aws logs filter-log-events'),
  ]);
});
