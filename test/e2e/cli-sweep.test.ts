import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { DAY, formatInstant, HOUR, later } from '../../src/calendar/instant.ts';
import { NOW } from '../support/builders.ts';
import { type CliOutcome, runCli, startCli } from '../support/cli.ts';
import { deny } from '../support/denying.ts';
import { runCommand } from '../support/run-command.ts';
import { judgedBy } from '../support/schemas.ts';
import { aSimulator, type TestSimulator } from '../support/simulated.ts';

/** The history is asked once a second, so that a sweep may take long enough to say how far it is. */
const PROGRESS_ONLY = /^(\d+ secrets checked.*\n)*$/;

const AS_OPERATOR = {
  AWS_ACCESS_KEY_ID: 'operator',
  AWS_SECRET_ACCESS_KEY: 'simulated',
  AWS_REGION: 'eu-west-1',
};
/** Commands in this process pause by the clock of their terminal, which no test waits for. */
const HERE = { environment: AS_OPERATOR };
const AT_NOW = ['--now', '2026-11-21T10:00:00Z'];
const STUCK_VERSION = '22222222-2222-4222-8222-222222222222';

/** A simulator behind a port, with healthy secrets. */
async function served(healthy = 3): Promise<{ simulator: TestSimulator; endpoint: string }> {
  const simulator = aSimulator();
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  for (let index = 0; index < healthy; index++) {
    simulator.secretsManager.seed({ name: `healthy/${index}`, kind: 'none' });
  }
  return { simulator, endpoint };
}

function seedStuck({ secretsManager }: TestSimulator, name = 'prod/db'): void {
  const { arn } = secretsManager.functions.register({ name: 'rotate-db', behaviour: 'error' });
  secretsManager.seed({
    name,
    kind: 'function',
    function: arn,
    schedule: 'rate(30 days)',
    lastRotatedAt: later(NOW, -10 * DAY),
    versions: [
      { stages: ['AWSCURRENT'] },
      { id: STUCK_VERSION, stages: ['AWSPENDING'], createdAt: later(NOW, -2 * HOUR) },
    ],
  });
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => void server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 1;
}

/** The outcome of a sweep against a port that accepts and never answers: it takes 8 s, and runs beside the tests. */
let unanswered: Promise<CliOutcome>;
beforeAll(async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const args = ['sweep', '--json', '--endpoint-url', `http://127.0.0.1:${port}`];
  unanswered = runCli(args, AS_OPERATOR);
  return () => void server.close();
});

test('sweep of healthy secrets ends with 0 and stores and sends nothing', async () => {
  const { simulator, endpoint } = await served(150);
  const { code, stdout, stderr } = await runCli(
    ['sweep', '--endpoint-url', endpoint, ...AT_NOW],
    AS_OPERATOR,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Account 111122223333, eu-west-1, at 2026-11-21T10:00:00Z: no findings\.\n/);
  expect(stdout).toContain('150 secrets checked, 0 suspects');
  expect(simulator.callLog.counts()).toEqual({ 'secretsmanager:ListSecrets': 2, 'sts:GetCallerIdentity': 1 });
});

test('sweep reports a stuck secret with why and what to do, ends with 1, and reads no value', async () => {
  const { simulator, endpoint } = await served();
  seedStuck(simulator);
  const { code, out } = await runCommand(['sweep', '--endpoint-url', endpoint, ...AT_NOW], HERE);
  expect(code).toBe(1);
  expect(out).toMatch(/^HIGH {6}prod\/db {2}stuck-pending {2}2026-11-21T08:00:00Z {2}2 h {2}Version/m);
  expect(out).toMatch(/Why\n {4}- AWSCURRENT is on version .* and AWSPENDING on version 22222222/);
  expect(out).toMatch(
    /What to do\n.*aws secretsmanager update-secret-version-stage --secret-id arn:.*22222222/s,
  );
  expect(out).not.toContain('\u001B');
  expect(Object.keys(simulator.callLog.counts()).sort()).toEqual([
    'cloudtrail:LookupEvents',
    'lambda:GetFunctionConcurrency',
    'lambda:GetFunctionConfiguration',
    'lambda:GetPolicy',
    'monitoring:GetMetricData',
    'secretsmanager:DescribeSecret',
    'secretsmanager:ListSecretVersionIds',
    'secretsmanager:ListSecrets',
    'sts:GetCallerIdentity',
  ]);
});

test('sweep --json prints one object and nothing else', async () => {
  const { simulator, endpoint } = await served();
  seedStuck(simulator);
  const environment = { ...AS_OPERATOR, AWS_ENDPOINT_URL: endpoint };
  const { code, stdout, stderr } = await runCli(['sweep', '--json', ...AT_NOW], environment);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(PROGRESS_ONLY) });
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    account: '111122223333',
    region: 'eu-west-1',
    observed: 4,
    findings: [
      { secretName: 'prod/db', code: 'stuck-pending', severity: 'HIGH', since: '2026-11-21T08:00:00Z' },
    ],
    unverifiable: [],
    apiCalls: 3,
  });
});

test('sweep --fail-on decides from which severity on it fails', async () => {
  const { simulator, endpoint } = await served(0);
  seedStuck(simulator);
  const args = ['sweep', '--endpoint-url', endpoint, ...AT_NOW, '--fail-on'];
  const codes = await Promise.all(
    ['high', 'CRITICAL', 'none'].map(async (level) => (await runCommand([...args, level], HERE)).code),
  );
  expect(codes).toEqual([1, 0, 0]);
});

test('sweep --audit lists what audits ask for beside the findings, and ends as it does without', async () => {
  const { simulator, endpoint } = await served();
  const plain = await runCommand(['sweep', '--json', '--endpoint-url', endpoint, ...AT_NOW], HERE);
  expect(plain.code).toBe(0);
  expect(JSON.parse(plain.out)).not.toHaveProperty('audit');
  seedStuck(simulator);
  const command = ['sweep', '--audit', '--endpoint-url', endpoint, ...AT_NOW];
  const { code, out, err } = await runCommand(command, HERE);
  expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(PROGRESS_ONLY) });
  expect(out).toContain('stuck-pending');
  expect(out).toContain('healthy/2');
  expect(out.match(/rotation-not-configured/g)?.length).toBeGreaterThanOrEqual(3);
  expect(simulator.callLog.counts()).not.toHaveProperty('secretsmanager:GetSecretValue');
  const json = await runCommand([...command, '--json', '--fail-on', 'CRITICAL'], HERE);
  expect(json.code).toBe(0);
  expect(JSON.parse(json.out).audit).toEqual(
    [0, 1, 2].map((index) =>
      expect.objectContaining({ code: 'rotation-not-configured', secretName: `healthy/${index}` }),
    ),
  );
});

/** Returns the findings of an audit in an account in which nothing is open, by secret. */
async function audited(
  simulator: TestSimulator,
  endpoint: string,
): Promise<Readonly<Record<string, string>>> {
  const now = new Date(simulator.clock.now()).toISOString();
  const args = ['sweep', '--audit', '--json', '--endpoint-url', endpoint, '--now', now];
  const environment = { ...AS_OPERATOR, ROTATION_MONITOR_MAX_AGE: '12h' };
  const { out } = await runCommand(args, { environment });
  const { audit } = JSON.parse(out) as {
    readonly audit: readonly { readonly secretName: string; readonly code: string; readonly what: string }[];
  };
  return Object.fromEntries(audit.map(({ secretName, code, what }) => [`${secretName} ${code}`, what]));
}

test('sweep --audit measures schedules by their longest gap, and ages by the value', async () => {
  const { simulator, endpoint } = await served(0);
  const { secretsManager, clock } = simulator;
  const { arn } = secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  const schedules = {
    yearly: 'cron(0 12 1 1 ? *)',
    'second-tuesday': 'cron(0 10 ? FEB,MAY,AUG,NOV TUE#2 *)',
    'leap-day': 'cron(0 3 29 2 ? *)',
    'every-84-days': 'rate(84 days)',
    'every-90-days': 'rate(90 days)',
    monthly: 'cron(0 3 1 * ? *)',
  };
  for (const [name, schedule] of Object.entries(schedules)) {
    secretsManager.seed({ name, kind: 'function', function: arn, schedule });
  }
  for (const name of ['tagged', 'put']) secretsManager.seed({ name, kind: 'none' });
  await clock.advance(DAY);
  const put = { SecretId: 'put', SecretString: 'x', ClientRequestToken: STUCK_VERSION };
  await simulator.call('secretsmanager', 'PutSecretValue', put, 'operator');
  const Tags = [{ Key: 'team', Value: 'Überwachung 監視' }];
  await simulator.call('secretsmanager', 'TagResource', { SecretId: 'tagged', Tags }, 'operator');
  const found = await audited(simulator, endpoint);
  const about = (code: string) =>
    Object.keys(found).flatMap((key) => (key.endsWith(` ${code}`) ? [key.split(' ')[0]] : []));
  expect(about('schedule-too-slow').sort()).toEqual(['leap-day', 'second-tuesday', 'yearly']);
  expect(found['yearly schedule-too-slow']).toContain('366 d');
  expect(found['second-tuesday schedule-too-slow']).toContain('98 d');
  expect(found['leap-day schedule-too-slow']).toContain('1461 d');
  expect(about('max-age-exceeded')).toContain('tagged');
  expect(about('max-age-exceeded')).not.toContain('put');
});

test('sweep judges by the settings in the environment, and refuses wrong ones', async () => {
  const { simulator, endpoint } = await served(0);
  seedStuck(simulator);
  const args = ['sweep', '--endpoint-url', endpoint, ...AT_NOW];
  const [patient, wrong] = await Promise.all([
    runCommand(args, { environment: { ...AS_OPERATOR, ROTATION_MONITOR_STUCK_AFTER: '3h' } }),
    runCommand(args, { environment: { ...AS_OPERATOR, ROTATION_MONITOR_STUCK_AFTER: 'soon' } }),
  ]);
  expect([patient.code, wrong.code]).toEqual([0, 2]);
  expect(patient.out).toContain('1 rotation in progress');
  expect(wrong.err).toContain('Cannot use the settings\n  ROTATION_MONITOR_STUCK_AFTER: expected');
});

test('sweep takes the account from the ARNs when STS does not return it', async () => {
  const { simulator, endpoint } = await served();
  deny(simulator, 'GetCallerIdentity');
  const { code, out } = await runCommand(['sweep', '--json', '--endpoint-url', endpoint, ...AT_NOW], HERE);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ account: '111122223333', observed: 3 });
});

test('sweep names a secret that it may not look at', async () => {
  const { simulator, endpoint } = await served(0);
  seedStuck(simulator);
  deny(simulator, 'DescribeSecret');
  const { code, out } = await runCommand(['sweep', '--json', '--endpoint-url', endpoint, ...AT_NOW], HERE);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ unverifiable: [{ secretName: 'prod/db', reason: 'denied' }] });
});

test('sweep that may not list ends with 2 and says which permission it needs', async () => {
  const { simulator, endpoint } = await served();
  deny(simulator, 'ListSecrets');
  const { code, stdout, stderr } = await runCli(['sweep', '--endpoint-url', endpoint], AS_OPERATOR);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(
    /^Error: Cannot check the secrets of http.*AccessDeniedException.*secretsmanager:ListSecrets/s,
  );
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('sweep against a closed port ends with 2', async () => {
  const endpoint = `http://127.0.0.1:${await closedPort()}`;
  const { code, stdout, stderr } = await runCli(['sweep', '--endpoint-url', endpoint], AS_OPERATOR);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/ECONNREFUSED.*How to solve this\n {2}Check the address.*Example\n {2}aws /s);
});

test('sweep without region or credentials says so at once', async () => {
  const [region, credentials, profile] = await Promise.all([
    runCli(['sweep'], { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' }),
    runCli(['sweep', '--region', 'eu-west-1']),
    runCli(['sweep', '--region', 'eu-west-1', '--profile', 'absent'], AS_OPERATOR),
  ]);
  expect([region.code, credentials.code, profile.code]).toEqual([2, 2, 2]);
  expect(region.stderr).toContain('no region is known');
  expect(credentials.stderr).toContain('no credentials were found');
  expect(profile.stderr).toContain('(profile "absent")');
});

test('sweep needs no credentials on the loopback', async () => {
  const { endpoint } = await served();
  const { code } = await runCli(['sweep', '--endpoint-url', endpoint, '--region', 'eu-west-1']);
  expect(code).toBe(0);
});

test('sweep whose reader goes away ends quietly with its own exit code', async () => {
  const { simulator, endpoint } = await served(0);
  for (let index = 0; index < 200; index++) seedStuck(simulator, `prod/${index}`);
  const environment = { ...AS_OPERATOR, ROTATION_MONITOR_EVENT_HISTORY: 'false' };
  const running = startCli(['sweep', '--endpoint-url', endpoint, ...AT_NOW], environment);
  await running.seen(/^Account/);
  running.stopReading();
  const { code, stderr } = await running.done;
  expect(code).toBe(1);
  expect(stderr).not.toMatch(/EPIPE|Error/);
});

test('both formats are written into a folder, one file each, and several to a stream are refused', async () => {
  const { simulator, endpoint } = await served();
  seedStuck(simulator);
  const folder = mkdtempSync(join(tmpdir(), 'sweep-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const sweep = ['sweep', '--endpoint-url', endpoint, '--region', 'eu-west-1', ...AT_NOW];
  const written = await runCommand([...sweep, '--format', 'json,text', '--output-directory', folder]);
  expect(written).toMatchObject({ code: 1, out: '', err: expect.stringContaining(`Written: ${folder}`) });
  expect(readdirSync(folder).sort()).toEqual(['sweep-eu-west-1.json', 'sweep-eu-west-1.txt']);
  const json = JSON.parse(readFileSync(join(folder, 'sweep-eu-west-1.json'), 'utf8'));
  expect(judgedBy('sweep.json')(json)).toEqual([]);
  expect(readFileSync(join(folder, 'sweep-eu-west-1.txt'), 'utf8')).toContain('prod/db');
  const refused = await runCommand([...sweep, '--format', 'json,text']);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('--output-directory') });
});

test.each(['sweep', 'audit'])(
  '%s refuses a folder that is none before it looks at any secret',
  async (command) => {
    const { simulator, endpoint } = await served();
    const folder = mkdtempSync(join(tmpdir(), 'folder-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const refused = await runCommand([
      ...[command, '--endpoint-url', endpoint, '--region', 'eu-west-1', ...AT_NOW],
      ...['--output-directory', file],
    ]);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toMatch(new RegExp(`^Error: Cannot write the ${command}\\n {2}EEXIST`));
    expect(simulator.callLog.counts()).toEqual({});
  },
);

test('a sweep that is written again replaces the file as a whole', async () => {
  const { endpoint } = await served();
  const folder = mkdtempSync(join(tmpdir(), 'sweep-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const sweep = ['sweep', '--endpoint-url', endpoint, '--region', 'eu-west-1', ...AT_NOW, '--json'];
  const file = join(folder, 'sweep-eu-west-1.json');
  writeFileSync(file, 'old');
  linkSync(file, join(folder, 'held'));
  await runCommand([...sweep, '--output-directory', folder]);
  expect(readFileSync(join(folder, 'held'), 'utf8')).toBe('old');
});

test('a stuck secret that may not be looked at fails from HIGH on, and is marked as unconfirmed', async () => {
  const { simulator, endpoint } = await served();
  seedStuck(simulator);
  deny(simulator, 'DescribeSecret');
  const nextDay = formatInstant(later(NOW, DAY));
  const sweep = ['sweep', '--endpoint-url', endpoint, '--region', 'eu-west-1', '--now', nextDay];
  const { code, out } = await runCommand([...sweep, '--fail-on', 'HIGH', '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(out).findings).toMatchObject([{ code: 'stuck-pending', unconfirmed: true }]);
  expect((await runCommand(sweep)).out).toMatch(/Unconfirmed: ListSecrets shows this/);
});

test('sweep against a port that accepts and never answers ends with 2', async () => {
  const { code, stdout, stderr } = await unanswered;
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Nothing answered within 8 s.');
});
