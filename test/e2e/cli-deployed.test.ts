import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { formatInstant, HOUR, MINUTE } from '../../src/calendar/instant.ts';
import { ackSchema } from '../../src/cli/schemas/ack-schema.ts';
import { exceptSchema } from '../../src/cli/schemas/except-schema.ts';
import { explainSchema } from '../../src/cli/schemas/explain-schema.ts';
import { fixSchema } from '../../src/cli/schemas/fix-schema.ts';
import { silenceSchema } from '../../src/cli/schemas/silence-schema.ts';
import { statusSchema } from '../../src/cli/schemas/status-schema.ts';
import { AwsError } from '../../src/simulator/call/aws-error.ts';
import { deny } from '../support/denying.ts';
import { aDeployment, failingNightlyAt } from '../support/deployed.ts';
import { runCommand } from '../support/run-command.ts';

const ENVIRONMENT = { ROTATION_MONITOR_EVENT_HISTORY: 'false', TZ: 'UTC' };

/** A deployed monitor that has reported a rotation that failed at testSecret, and how an operator asks there. */
async function told() {
  const { simulator, deployment } = await aDeployment(failingNightlyAt('testSecret'), {
    sweepEveryMs: 30 * MINUTE,
  });
  await simulator.clock.advance(4 * HOUR);
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  const where = ['--endpoint-url', endpoint, '--region', 'eu-west-1'];
  const run = (...args: readonly string[]) =>
    runCommand([...args, ...where, '--now', formatInstant(simulator.clock.now())], {
      environment: ENVIRONMENT,
      interrupted: new Promise(() => undefined),
    });
  return { simulator, deployment, where, run };
}

test('explain shows the open alert, who has acknowledged it, and the attempts that the monitor remembers', async () => {
  const { simulator, deployment, run } = await told();
  const asked = { secretId: 'prod/orders', for: '8h', by: 'alex' };
  await simulator.functions.invoke(deployment.functionOf('acknowledge').name, asked);
  const { out, err, code } = await run('explain', 'prod/orders');
  expect({ err, code }).toEqual({ err: '', code: 1 });
  expect(out).toMatch(/ALERTS\n {2}- CRITICAL .*, open since 2026-11-01T02:.*\n? .*stated by\s+alex\./);
  expect(out).toContain('failed at testSecret. [monitor]');
  expect(out).not.toContain('NOT KNOWN');
  const json = explainSchema.parse(JSON.parse((await run('explain', 'prod/orders', '--json')).out));
  expect(json).toMatchObject({
    deployment: 'rotation-monitor',
    alerts: [{ severity: 'CRITICAL', statedBy: 'alex' }],
    unknown: [],
  });
});

test('status shows the last sweep and which alerts are open', async () => {
  const { simulator, run } = await told();
  await simulator.clock.advance(3 * MINUTE);
  const { out } = await run('status');
  expect(out).toMatch(/^rotation-monitor in eu-west-1: last sweep \d+ min ago, 1 open alert\.$/m);
  expect(out).toMatch(/^SECRET .* DUE +ALERT$/m);
  expect(out).toMatch(/^prod\/orders .* open$/m);
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  const json = statusSchema.parse(JSON.parse((await run('status', '--json')).out));
  expect(json).toMatchObject({
    monitors: [{ region: 'eu-west-1', deployment: 'rotation-monitor', openAlerts: 1 }],
    secrets: [{ secretName: 'prod/orders', alerts: [{ acknowledgedUntil: null }] }],
    unknown: [],
  });
  expect(json).toMatchObject({ monitors: [{ lastAuditAt: null }] });
});

test('status finds a secret by the severity and the code of its open alert', async () => {
  const { run } = await told();
  const alerts = JSON.parse((await run('status', '--json')).out).secrets[0].alerts;
  expect(alerts).toMatchObject([{ severity: 'CRITICAL' }]);
  for (const filter of [
    ['--severity', 'CRITICAL'],
    ['--finding', alerts[0].code],
  ])
    expect((await run('status', ...filter)).out).toMatch(/^prod\/orders .* open$/m);
});

test('fix judges by what the monitor remembers: the step that its events reported', async () => {
  const { run } = await told();
  const { out } = await run('fix', 'prod/orders');
  expect(out).toMatch(/Its rotation came as far as testSecret,\s+which failed\./);
});

test('where the monitor may not be asked, the command says so and shows the rest', async () => {
  const { simulator, run } = await told();
  deny(simulator, 'GetParameter');
  const { out, code } = await run('explain', 'prod/orders');
  expect(code).toBe(1);
  expect(out).toMatch(/NOT KNOWN\n {2}The deployed monitor did not answer \(ssm:GetParameter was denied\)/);
});

test('whoever names a monitor that is not there learns how to find it', async () => {
  const { run } = await told();
  const { code, err } = await run('explain', 'prod/orders', '--deployment', 'other');
  expect(code).toBe(2);
  expect(err).toContain('Cannot find a monitor named "other"');
});

test('ack states who is at it and why, lists it, and takes it back', async () => {
  const { run } = await told();
  const said = await run('ack', 'prod/orders', '--for', '4h', '--reason', 'replacing the password');
  expect(said).toMatchObject({ code: 0, err: '' });
  expect(said.out).toMatch(/prod\/orders: .* acknowledged until 2026-11-01T08:.*, stated by\s+arn:aws:/s);
  const explained = await run('explain', 'prod/orders');
  expect(explained.out.replaceAll(/\s+/g, ' ')).toMatch(/stated by arn:aws:\S+ replacing the password/);
  const list = ackSchema.parse(JSON.parse((await run('ack', '--list', '--json')).out));
  expect(list).toMatchObject({ outcome: 'listed', alerts: [{ alert: { severity: 'CRITICAL' } }] });
  const ended = ackSchema.parse(JSON.parse((await run('ack', 'prod/orders', '--end', '--json')).out));
  expect(ended).toMatchObject({ outcome: 'ended', until: null });
  expect((await run('ack', '--list')).out).toMatch(/^0 acknowledged alerts/);
});

test('ack of a secret without an open alert ends with 1, and without a duration with 2', async () => {
  const { simulator, run } = await told();
  simulator.secretsManager.seed({ name: 'prod/fine', kind: 'none' });
  expect(await run('ack', 'prod/fine', '--for', '4h')).toMatchObject({ code: 1 });
  expect(await run('ack', 'prod/fine')).toMatchObject({ code: 2, out: '' });
  expect((await run('ack', 'prod/fine', '--for', '8d')).err).toContain('up to 7d');
});

test('except asks, a second identity approves, the audit skips and shows it, and it ends', async () => {
  const { run } = await told();
  const as = async (who: string, ...args: readonly string[]) => {
    process.env['AWS_ACCESS_KEY_ID'] = who;
    const { out, err, code } = await run('except', ...args, '--json');
    return { err, code, said: code === 2 ? undefined : exceptSchema.parse(JSON.parse(out)) };
  };
  const about = ['prod/orders', '--control', 'SecretsManager.2'] as const;
  const terms = ['--until', '2026-11-20', '--reason', 'the vendor rotates it', '--ticket', 'CHG-1'] as const;
  const asked = await as('alice', ...about, ...terms);
  expect(asked).toMatchObject({
    code: 0,
    said: { outcome: 'requested', exceptions: [{ state: 'requested' }] },
  });
  const { id = '' } = (asked.said as { exceptions: { id: string }[] }).exceptions[0] ?? {};
  expect(await as('alice', ...about, '--approve', id)).toMatchObject({
    code: 1,
    said: { outcome: 'refused', because: 'Whoever asks for an exception cannot approve it.' },
  });
  const statusOf = async () => {
    const { out } = await run('audit', '--from', '2026-11-01', '--to', '2026-12-01', '--json');
    const report = JSON.parse(out);
    const [secret] = report.secrets;
    const { status, exception } = secret.controls.find(
      (each: { control: string }) => each.control === about[2],
    );
    const changes = secret.changes.map(({ kind }: { kind: string }) => kind);
    return {
      status,
      exception,
      changes,
      soon: report.summary.expiringExceptions,
      hash: report.provenance.exceptionsHash,
    };
  };
  const before = await statusOf();
  expect(before).toMatchObject({ exception: null });
  expect(await as('bob', ...about, '--approve', id)).toMatchObject({ code: 0, said: { outcome: 'granted' } });
  const excepted = await statusOf();
  expect(excepted).toMatchObject({
    exception: { ticket: 'CHG-1' },
    changes: expect.arrayContaining(['exception-granted']),
  });
  expect(excepted.exception.approvedBy).toContain('bob');
  expect(excepted.hash).not.toBe(before.hash);
  const list = await as('bob', '--list');
  expect(list.said).toMatchObject({ outcome: 'listed', exceptions: [{ state: 'in-force', endsSoon: true }] });
  expect((await run('except', '--list')).out).toMatch(
    /^1 exception in rotation-monitor\.\n- SecretsManager\.2 of/,
  );
  expect(await as('bob', ...about, '--end')).toMatchObject({ code: 0, said: { outcome: 'ended' } });
  expect((await statusOf()).changes).toContain('exception-ended');
  expect(await as('bob', ...about, '--end')).toMatchObject({ code: 1 });
});

test.each([
  [['prod/orders'], '--control'],
  [['prod/orders', '--control', 'SecretsManager.9'], 'SecretsManager.1'],
  [['prod/orders', '--control', 'SecretsManager.1', '--until', '2026-12-01'], '--reason'],
  [['prod/orders', '--control', 'SecretsManager.1', '--until', 'soon', '--reason', 'why'], '2027-03-31'],
  [['prod/orders', '--control', 'SecretsManager.1', '--approve', 'x', '--end'], 'cannot be used'],
  [['prod/none', '--control', 'SecretsManager.1', '--end'], 'prod/orders'],
])('except %j is refused with the way to say it', async (args, said) => {
  const { run } = await told();
  const { code, err } = await run('except', ...args);
  expect(code).toBe(2);
  expect(err).toContain(said);
});

test('silence writes the tags, lists them and takes them off', async () => {
  const { simulator, run } = await told();
  const tags = () =>
    simulator.call('secretsmanager', 'DescribeSecret', { SecretId: 'prod/orders' }, 'operator');
  const silenced = await run(
    'silence',
    'prod/orders',
    '--until',
    '2026-11-20',
    '--reason',
    'vendor is closed',
    '--json',
  );
  expect(silenceSchema.parse(JSON.parse(silenced.out))).toMatchObject({
    outcome: 'silenced',
    until: '2026-11-21T00:00:00Z',
  });
  expect(JSON.stringify(await tags())).toContain('vendor is closed');
  expect((await run('silence', '--list')).out).toContain(
    'prod/orders until 2026-11-21T00:00:00Z: vendor is closed',
  );
  expect((await run('silence', 'prod/orders', '--end')).out).toBe('prod/orders: the silence has ended.\n');
  expect((await run('silence', '--list')).out).toMatch(/^0 silences/);
});

test('a silence without a reason, or for too long, is refused before anything is called', async () => {
  const { simulator, run } = await told();
  const before = simulator.callLog.counts();
  expect((await run('silence', 'prod/orders', '--until', '2026-11-20')).code).toBe(2);
  const long = await run('silence', 'prod/orders', '--until', '2027-11-20', '--reason', 'holidays');
  expect(long.err).toContain('more than 90 days away');
  expect(simulator.callLog.counts()).toEqual(before);
});

/** A folder for a plan, removed when the test ends. */
function planPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'plan.json');
}

const APPLY = ['--yes', '--account', '111122223333'];

test('a repair is recorded with intent, results and identity, and CloudTrail confirms the moves', async () => {
  const { simulator, run } = await told();
  const path = planPath();
  const plan = await run('fix', 'prod/orders', '--current-works', '--out', path);
  expect(plan.out).toMatch(/RECORD\n {2}The monitor records the intent and each result/);
  const applied = await run('fix', 'prod/orders', '--current-works', '--apply', path, ...APPLY, '--json');
  expect(fixSchema.parse(JSON.parse(applied.out))).toMatchObject({
    outcome: 'repaired',
    record: { state: 'recorded', why: null },
  });
  const stated = explainSchema.parse(JSON.parse((await run('explain', 'prod/orders', '--json')).out));
  expect(stated).toMatchObject({
    repairs: [{ outcome: 'repaired', statedBy: expect.stringMatching(/^arn:aws:/) }],
  });
  await simulator.clock.advance(20 * MINUTE);
  const { out } = await run('explain', 'prod/orders');
  expect(out).toMatch(/REPAIRS\n {2}- 2026-11-01T04:.*: repaired, stated by/);
  expect(out.replaceAll(/\s+/g, ' ')).toMatch(
    /done: Removes AWSPENDING from version \S+ so that the secret can rotate again\. \[CloudTrail\]/,
  );
});

test('a repair that cannot be recorded says so in the plan, and needs a reason', async () => {
  const { simulator, run } = await told();
  const path = planPath();
  simulator.faults.before(({ operation, input }) => {
    if (operation === 'Invoke' && String(input['FunctionName']).endsWith('-record-repair'))
      throw new AwsError('AccessDeniedException', 'User is not authorized to perform: lambda:InvokeFunction');
  });
  const fix = (...more: readonly string[]) => run('fix', 'prod/orders', '--current-works', ...more);
  expect((await fix('--out', path)).out.replaceAll(/\s+/g, ' ')).toContain(
    'It cannot be recorded: lambda:InvokeFunction on record-repair was denied. --apply needs --unrecorded with a reason.',
  );
  const refused = await fix('--apply', path, ...APPLY);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('Cannot record the repair of "prod/orders"');
  expect(simulator.callLog.counts()).not.toHaveProperty('secretsmanager:UpdateSecretVersionStage');
  const done = await fix('--apply', path, ...APPLY, '--unrecorded', 'the monitor is being deployed');
  expect(done).toMatchObject({ code: 0, err: '' });
  expect(done.out.replaceAll(/\s+/g, ' ')).toContain(
    'Nothing but CloudTrail recorded it: the monitor is being deployed.',
  );
});

test('a second repair is kept out while the first one runs, and a lost record does not stop it', async () => {
  const { simulator, deployment, run } = await told();
  const path = planPath();
  const fix = (...more: readonly string[]) => run('fix', 'prod/orders', '--current-works', ...more);
  await fix('--out', path);
  const { arn: secretArn } =
    [...simulator.secretsManager.secrets()].find(({ name }) => name === 'prod/orders') ?? {};
  const record = (more: object) =>
    simulator.functions.invoke(deployment.functionOf('record-repair').name, {
      secretArn,
      id: 'other',
      by: 'sam',
      ...more,
    });
  await record({ intent: ['Removes AWSPENDING.'] });
  const kept = await fix('--apply', path, ...APPLY);
  expect(kept.code).toBe(2);
  expect(kept.err).toMatch(/another repair of it is running\n {2}sam began it\./);
  await record({ end: 'stopped' });
  expect((await fix('--apply', path, ...APPLY)).code).toBe(0);
});

test('a person sees the alias of the account before confirming', async () => {
  const { simulator, where } = await told();
  simulator.world.roles.aliases.set('111122223333', 'acme-production');
  const asked: string[] = [];
  const { err, code } = await runCommand(['fix', 'prod/orders', '--current-works', '--apply', ...where], {
    environment: ENVIRONMENT,
    ask: async (question) => {
      asked.push(question);
      return question.startsWith('Name') ? 'prod/orders' : '3333';
    },
    interrupted: new Promise(() => undefined),
  });
  expect(err).toContain('Account  111122223333 (acme-production)');
  expect(asked).toHaveLength(2);
  expect(code).toBe(0);
});

test('explain --logs shows the redacted error lines of the failing attempt, and without the right the command', async () => {
  const { simulator, run } = await told();
  const plain = await run('explain', 'prod/orders');
  expect(plain.out).toMatch(/LOG\n {2}Read it with --logs, or type:\n {2}aws logs filter-log-events/);
  const { out } = await run('explain', 'prod/orders', '--logs');
  expect(out).toMatch(
    /LOG\n {2}\/aws\/lambda\/rotate-orders: the latest \d+ error lines of this attempt,\n {2}redacted\.\n {2}Request [-0-9a-f]{36}, 2026-/,
  );
  expect(out).toMatch(/\[ERROR\]/);
  const log = (
    explainSchema.parse(JSON.parse((await run('explain', 'prod/orders', '--logs', '--json')).out)) as {
      log: string[];
    }
  ).log;
  expect(log.length).toBeGreaterThan(1);
  expect(log.filter((line) => line.startsWith('  ')).length).toBeLessThanOrEqual(20);
  deny(simulator, 'FilterLogEvents');
  expect((await run('explain', 'prod/orders', '--logs')).out.replaceAll(/\s+/g, ' ')).toMatch(
    /needs logs:FilterLogEvents\. Somebody with that right may type: aws logs filter-log-events/,
  );
});

test('audit reports what the monitor has kept', async () => {
  const { run } = await told();
  const { out, err, code } = await run('audit', '--from', '2026-11-01T00:10:00Z', '--json');
  expect({ code, err: err.replace(/\d+ secrets? read[^\n]* …\n/g, '') }).toEqual({ code: 1, err: '' });
  const report = JSON.parse(out);
  expect(report.provenance.historySince).toMatch(/^2026-11-01T00:0/);
  expect(report.secrets).toMatchObject([
    {
      secretName: 'prod/orders',
      failures: { basis: 'observed', value: expect.any(Number) },
      rotations: [{ outcome: 'under-way' }],
    },
  ]);
  expect(report.secrets[0].failures.value).toBeGreaterThan(0);
});
