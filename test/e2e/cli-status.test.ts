import { stripVTControlCharacters } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { DAY, HOUR, later } from '../../src/calendar/instant.ts';
import { statusSchema } from '../../src/cli/schemas/status-schema.ts';
import { AwsError } from '../../src/simulator/call/aws-error.ts';
import { NOW } from '../support/builders.ts';
import { deny } from '../support/denying.ts';
import { runCommand } from '../support/run-command.ts';
import { aSimulator, type TestSimulator } from '../support/simulated.ts';

async function served(): Promise<{ simulator: TestSimulator; endpoint: string; args: readonly string[] }> {
  const simulator = aSimulator();
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  const { secretsManager } = simulator;
  const { arn } = secretsManager.functions.register({ name: 'rotate-db', behaviour: 'healthy' });
  const rotates = { kind: 'function', function: arn, schedule: 'rate(30 days)' } as const;
  const rotated = { lastRotatedAt: later(NOW, -10 * DAY) };
  secretsManager.seed({ name: 'a/plain', kind: 'none' });
  secretsManager.seed({
    name: 'b/rotating',
    ...rotates,
    ...rotated,
    versions: [{ stages: ['AWSCURRENT'] }, { stages: ['AWSPENDING'], createdAt: later(NOW, -HOUR / 2) }],
  });
  secretsManager.seed({
    name: 'c/stuck',
    ...rotates,
    ...rotated,
    tags: { team: 'x' },
    versions: [{ stages: ['AWSCURRENT'] }, { stages: ['AWSPENDING'], createdAt: later(NOW, -2 * HOUR) }],
  });
  const args = ['--endpoint-url', endpoint, '--now', '2026-11-21T10:00:00Z'];
  return { simulator, endpoint, args };
}

const REGION = ['--region', 'eu-west-1'];

test('status shows the worst first, within 80 columns, and reads nothing but what it says', async () => {
  const { simulator, args } = await served();
  const { code, out, err } = await runCommand(['status', ...REGION, ...args]);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toMatch(/^eu-west-1 at 2026-11-21T10:00:00Z: 3 looked at, 1 in trouble\.\n/);
  expect(out).toMatch(/^SECRET +STATE +SINCE +ROTATION CURRENT ROTATED DUE$/m);
  const rows = out
    .split('\n')
    .flatMap((line) => /^[abc]\/\w+ +(stuck-pending|in progress|ok) +(\S+)/.exec(line)?.[0] ?? []);
  expect(rows).toEqual([
    expect.stringMatching(/^c\/stuck +stuck-pending +2/),
    expect.stringMatching(/^b\/rotating +in progress +30/),
    expect.stringMatching(/^a\/plain +ok +-/),
  ]);
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(Object.keys(simulator.callLog.counts()).sort()).toEqual([
    'secretsmanager:DescribeSecret',
    'secretsmanager:ListSecretVersionIds',
    'secretsmanager:ListSecrets',
    'ssm:GetParameter',
    'sts:GetCallerIdentity',
  ]);
});

test('status on a terminal keeps its titles whole', async () => {
  const { args } = await served();
  const { out } = await runCommand(['status', ...REGION, ...args], { isTTY: true, columns: 110 });
  const plain = stripVTControlCharacters(out);
  expect(plain).toMatch(/^SECRET +STATE +SINCE +ROTATION CURRENT ROTATED DUE$/m);
  expect(plain.split('\n').filter((line) => line.startsWith('SECRET'))).toHaveLength(1);
});

test('status --json obeys its schema and has the fields of rotation health', async () => {
  const { args } = await served();
  const { code, out } = await runCommand(['status', '--json', ...REGION, ...args]);
  expect(code).toBe(1);
  expect(statusSchema.parse(JSON.parse(out))).toMatchObject({
    observed: 3,
    secrets: [
      {
        secretName: 'c/stuck',
        rotationEnabled: true,
        hasCurrent: true,
        inProgress: true,
        pendingSince: '2026-11-21T08:00:00Z',
        lastRotatedAt: '2026-11-11T10:00:00Z',
        finding: { code: 'stuck-pending', severity: 'HIGH' },
      },
      { secretName: 'b/rotating', inProgress: true, finding: null },
      { secretName: 'a/plain', rotationEnabled: null, inProgress: false, finding: null },
    ],
  });
});

test('status of what is asked for ends by that alone', async () => {
  const { args } = await served();
  const codes = await Promise.all(
    [
      ['--name', 'c/*'],
      ['--tag', 'team=x'],
      ['--severity', 'critical'],
      ['--finding', 'rotation-failed'],
    ].map(async (filter) => (await runCommand(['status', ...filter, ...REGION, ...args])).code),
  );
  expect(codes).toEqual([1, 1, 0, 0]);
});

test('status looks at several regions, and says which are none', async () => {
  const { args } = await served();
  const { out } = await runCommand(['status', '--json', '--regions', 'eu-west-1,us-east-1', ...args]);
  expect(JSON.parse(out)).toMatchObject({ regions: ['eu-west-1', 'us-east-1'] });
  const wrong = await runCommand(['status', '--regions', 'eu-west-1,nowhere', ...args]);
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('Expected regions such as eu-west-1,us-east-1.');
});

/** Lets the lists with these numbers be refused, in the order of the calls; each region takes one. */
function refuse({ faults }: TestSimulator, lists: readonly number[], error: AwsError): void {
  let asked = 0;
  faults.before(({ operation }) => {
    if (operation !== 'ListSecrets') return;
    asked += 1;
    if (lists.includes(asked)) throw error;
  });
}

test('status shows the regions that can be looked at, and names the others with their cause', async () => {
  const { simulator, args } = await served();
  const regions = ['--regions', 'us-east-1,eu-west-1'];
  refuse(simulator, [1, 3], new AwsError('AccessDeniedException', 'not you'));
  const text = await runCommand(['status', ...regions, ...args]);
  expect(text.code).toBe(3);
  expect(text.out).toMatch(/^eu-west-1 at 2026-11-21T10:00:00Z: 3 looked at, 1 in trouble\.\n/);
  expect(text.out).toMatch(/^us-east-1 was not looked at\.[\s\S]*secretsmanager:ListSecrets/m);
  expect(text.out).toMatch(/^c\/stuck +stuck-pending/m);
  expect(text.err).toMatch(/Cannot check the secrets at http\S+ \(us-east-1\)/);
  expect(text.out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  const json = await runCommand(['status', '--json', ...regions, ...args]);
  expect(json.code).toBe(3);
  expect(statusSchema.parse(JSON.parse(json.out))).toMatchObject({
    regions: ['eu-west-1'],
    observed: 3,
    notLookedAt: [{ region: 'us-east-1', because: expect.stringContaining('secretsmanager:ListSecrets') }],
  });
  expect((await runCommand(['status', ...regions, ...args])).code).toBe(1);
});

test('status says that a session ended between two regions', async () => {
  const { simulator, args } = await served();
  refuse(simulator, [2], new AwsError('ExpiredTokenException', 'The security token is expired'));
  const { code, out, err } = await runCommand(['status', '--regions', 'eu-west-1,us-east-1', ...args]);
  expect(code).toBe(3);
  expect(out).toContain('log in again');
  expect(err).toContain('log in again');
});

test('status of regions of which none can be looked at ends with 2 and names the cause of each', async () => {
  const { simulator, args } = await served();
  refuse(simulator, [1, 2], new AwsError('AccessDeniedException', 'not you'));
  const { code, out, err } = await runCommand(['status', '--regions', 'eu-west-1,us-east-1', ...args]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err.match(/Cannot check the secrets at http\S+ \((eu-west|us-east)-1\)/g)).toHaveLength(2);
});

test('status --watch looks again until it is interrupted', async () => {
  const { args } = await served();
  const { out, code } = await runCommand(['status', '--watch', '5s', ...REGION, ...args], {
    interrupted: Promise.resolve(),
  });
  expect(code).toBe(1);
  expect(out.match(/looked at/g)).toHaveLength(1);
});

test('status --watch says why a later look failed, and goes on', async () => {
  const { simulator, args } = await served();
  let looks = 1;
  simulator.faults.before(({ operation }) => {
    if (operation === 'ListSecrets' && looks === 2) throw new AwsError('AccessDeniedException', 'not now');
  });
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<void>((resolve) => {
    interrupt = resolve;
  });
  const pause = async (): Promise<void> => {
    looks += 1;
    if (looks < 4) return;
    interrupt();
    await new Promise(() => undefined);
  };
  const clock = { now: () => NOW, pause };
  const { out, err, code } = await runCommand(['status', '--watch', '5s', ...REGION, ...args], {
    interrupted,
    clock,
  });
  expect(code).toBe(1);
  expect(out.match(/looked at/g)).toHaveLength(2);
  expect(err.match(/Cannot check the secrets/g)).toHaveLength(1);
});

test('status that may not list ends with 2 and names the permission', async () => {
  const { simulator, args } = await served();
  deny(simulator, 'ListSecrets');
  const { code, out, err } = await runCommand(['status', ...REGION, ...args]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/Cannot check the secrets at http.*secretsmanager:ListSecrets/s);
});
