import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DAY, later, SECOND } from '../../src/calendar/instant.ts';
import { run } from '../../src/cli/run.ts';
import { auditSchema } from '../../src/cli/schemas/audit-schema.ts';
import { exceptSchema } from '../../src/cli/schemas/except-schema.ts';
import { NOW } from '../support/builders.ts';
import { deny } from '../support/denying.ts';
import { judgeInHub } from '../support/own-results.ts';
import { runCommand } from '../support/run-command.ts';
import { aSimulator } from '../support/simulated.ts';
import { aTerminal } from '../support/terminal.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'audit-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

async function served() {
  const simulator = aSimulator();
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  const { secretsManager } = simulator;
  secretsManager.functions.register({ name: 'rotate-db', behaviour: 'healthy' });
  const rotates = { kind: 'function', function: 'rotate-db', schedule: 'rate(30 days)' } as const;
  const tags = { team: 'orders' };
  const createdAt = later(NOW, -100 * DAY);
  secretsManager.seed({ name: 'prod/db', ...rotates, tags, createdAt, lastRotatedAt: later(NOW, -10 * DAY) });
  const plain = secretsManager.seed({ name: 'prod/plain', kind: 'none', tags, createdAt });
  const args = [
    'audit',
    '--region',
    'eu-west-1',
    '--endpoint-url',
    endpoint,
    '--now',
    '2026-11-21T10:00:00Z',
  ];
  return { simulator, args, arn: plain.arn };
}

test('without a deployed monitor the report says what it cannot know', async () => {
  const { args } = await served();
  const { code, out } = await runCommand(args);
  expect(code).toBe(1);
  expect(out).toContain('No deployed monitor was asked.');
  expect(out).toContain('Secrets in 111122223333 eu-west-1: unknown + 0 created');
  expect(out).toMatch(/prod\/plain: .*SecretsManager\.1/);
  expect(out).not.toMatch(/prod\/db: .*SecretsManager\.1/);
});

test('the JSON obeys its schema and has a row for each secret', async () => {
  const { args } = await served();
  const { code, out } = await runCommand([...args, '--json', '--period', '2026-11']);
  expect(code).toBe(1);
  const report = auditSchema.parse(JSON.parse(out)) as { secrets: { secretName: string }[] };
  expect(report.secrets.map(({ secretName }) => secretName).sort()).toEqual(['prod/db', 'prod/plain']);
});

test('several formats are written into a folder, one file each', async () => {
  const { args } = await served();
  const path = folder();
  const formats = ['--format', 'text,html,csv,json,ocsf,asff', '--output-directory', path];
  const { code, out, err } = await runCommand([...args, ...formats, '--period', '2026-11']);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(readdirSync(path).sort()).toEqual(
    ['asff.json', 'csv', 'html', 'json', 'ocsf.jsonl', 'txt'].map((end) => `audit-2026-11.${end}`),
  );
  for (const file of readdirSync(path))
    expect(readFileSync(join(path, file), 'utf8').length).toBeGreaterThan(100);
  expect(err).toContain(`Written: ${path}`);
});

test('a report that cannot be written is an error in four parts, and leaves no half of one', async () => {
  const { args } = await served();
  const path = folder();
  mkdirSync(join(path, 'audit-2026-11.html'));
  const written = ['--format', 'csv,html,json', '--period', '2026-11', '--output-directory'];
  const { code, err } = await runCommand([...args, ...written, path]);
  expect(code).toBe(2);
  expect(err).toMatch(/Error: Cannot write the audit\n {2}Cannot write "audit-2026-11\.html": EISDIR\./);
  expect(err).toContain('How to solve this');
  expect(readdirSync(path).sort()).toEqual(['audit-2026-11.csv', 'audit-2026-11.html']);
  const below = await runCommand([...args, ...written, join(path, 'audit-2026-11.csv', 'deeper')]);
  expect(below).toMatchObject({ code: 2, err: expect.stringContaining('Cannot write the audit') });
});

/** Seeds two pages of the list beside the secrets that are there. */
async function servedPages() {
  const { simulator, args } = await served();
  simulator.secretsManager.seedMany(2 * PAGE, (index) => ({
    name: `many/${String(index).padStart(3, '0')}`,
    kind: 'none',
    createdAt: later(NOW, -100 * DAY),
  }));
  // Its quota is of real seconds, and the clock stands still.
  deny(simulator, 'GetFindings');
  return { simulator, args };
}

/** Secrets of a page of the list. */
const PAGE = 100;

test.each(['text', 'html', 'csv', 'json', 'ocsf', 'asff'] as const)(
  'a report as %s goes out while pages of the list are left',
  async (format) => {
    const { simulator, args } = await servedPages();
    const terminal = aTerminal();
    const written: string[] = [];
    simulator.faults.before(({ operation }) => {
      if (operation === 'ListSecrets') written.push(terminal.out());
    });
    expect(await run([...args, '--format', format], terminal)).toBe(1);
    expect(written).toHaveLength(3);
    expect(written[0]).toBe('');
    // Sums and the worst secrets are known at the end alone: until then these two have their heading.
    if (format === 'text' || format === 'html') expect(written[1]).toContain('2026-11-21');
    else expect(new Set(written[1]?.match(/secret:[\w/-]+/g))).toHaveLength(PAGE);
    expect(terminal.out().startsWith(written[2] ?? '')).toBe(true);
    expect(terminal.err()).toMatch(
      /100 secrets read(, \S+ a second)? …\n200 secrets read(, \S+ a second)? …\n/,
    );
  },
);

test('a reader who falls behind holds up the list', async () => {
  const { simulator, args } = await servedPages();
  let listed = 0;
  simulator.faults.before(({ operation }) => {
    listed += Number(operation === 'ListSecrets');
  });
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const outcome = await new Promise<unknown>((resolve) => {
    const drained = (): Promise<void> => {
      resolve({ listed, ended });
      return released;
    };
    const ended = run([...args, '--json'], aTerminal({ drained }));
    void ended.then(() => resolve('never waited'));
  });
  expect(outcome).toEqual({ listed: 1, ended: expect.any(Promise) });
  release();
  const { ended } = outcome as { ended: Promise<number> };
  expect(await ended).toBe(1);
  expect(listed).toBe(3);
});

test('the progress of an audit that takes long has counts and a rate', async () => {
  const { args } = await servedPages();
  let now = NOW;
  const clock = {
    now: () => {
      now = later(now, 4 * SECOND);
      return now;
    },
    pause: async () => undefined,
  };
  const terminal = aTerminal({ clock });
  await run([...args, '--json'], terminal);
  expect(terminal.err()).toMatch(
    /^100 secrets read, [\d.,]+ a second …\n200 secrets read, [\d.,]+ a second …\n/m,
  );
});

test('on a terminal no row stands behind the progress', async () => {
  const { args } = await servedPages();
  const terminal = aTerminal({ isTTY: true });
  const screen: string[] = [];
  const stdout = { ...terminal.stdout, write: (text: string) => void screen.push(text) };
  const stderr = { ...terminal.stderr, write: (text: string) => void screen.push(text) };
  await run([...args, '--format', 'csv'], { ...terminal, stdout, stderr });
  const written = screen.join('');
  expect(written.replaceAll(/, [\d.,]+ a second/g, '')).toContain('100 secrets read …\r\u001B[K');
  expect(written).not.toMatch(/read …"/);
});

test('an exception out of a file makes the verdict skip, and a faulty file is refused with every fault', async () => {
  const { args, arn } = await served();
  const path = folder();
  const file = join(path, 'exceptions.json');
  const exception = {
    secretArn: arn,
    control: 'SecretsManager.1',
    reason: 'rotated by hand',
    requestedBy: 'alice',
    approvedBy: 'bob',
    grantedAt: '2026-11-01',
    until: '2027-03-01',
  };
  writeFileSync(file, JSON.stringify([exception]));
  const { out } = await runCommand([...args, '--exceptions', file]);
  expect(out).not.toMatch(/prod\/plain: .*SecretsManager\.1/);
  writeFileSync(file, JSON.stringify([{ ...exception, approvedBy: 'alice', until: '2028-03-01' }]));
  const refused = await runCommand([...args, '--exceptions', file]);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('400 days');
  expect(refused.err).toContain('approver');
});

test('except writes a file that audit reads, lists it and ends what it holds', async () => {
  const { args } = await served();
  const file = join(folder(), 'exceptions.yaml');
  const [, ...where] = args;
  const about = ['except', 'prod/plain', '--control', 'SecretsManager.1', '--file', file, ...where];
  const terms = ['--until', '2027-03-31', '--reason', 'rotated by hand'];
  expect((await runCommand([...about, ...terms])).err).toContain('--approver');
  const added = await runCommand([...about, ...terms, '--approver', 'bob', '--ticket', 'CHG-1']);
  expect(added).toMatchObject({ code: 0, err: '' });
  expect(added.out).toMatch(
    /^prod\/plain: excepted from SecretsManager\.1 until 2027-04-01T00:00:00Z, approved/,
  );
  const { out } = await runCommand([...args, '--exceptions', file, '--json']);
  expect(JSON.parse(out).summary.controls['SecretsManager.1']).toMatchObject({ skip: 1 });
  const list = ['except', '--list', '--file', file, '--now', '2027-03-20T00:00:00Z', '--json'];
  const listed = exceptSchema.parse(JSON.parse((await runCommand(list)).out));
  expect(listed).toMatchObject({ file, exceptions: [{ endsSoon: true, ticket: 'CHG-1' }] });
  const later = [...about.slice(0, -1), '2026-11-22T10:00:00Z', '--end'];
  expect(await runCommand(later)).toMatchObject({ code: 0 });
  expect(await runCommand(later)).toMatchObject({
    code: 1,
    out: expect.stringContaining('The latest exception in the file ended at 2026-11-22T10:00:00Z.'),
  });
});

test('except --list shows when an exception begins, and --end takes it out before that', async () => {
  const { args, arn } = await served();
  const file = join(folder(), 'exceptions.yaml');
  writeFileSync(
    file,
    `- { secretArn: '${arn}', control: SecretsManager.1, reason: by hand, requestedBy: alice, approvedBy: bob, grantedAt: 2027-01-01, until: 2027-02-28 }\n`,
  );
  const now = ['--now', '2026-11-22T10:00:00Z'];
  const list = ['except', '--list', '--file', file, ...now];
  const { out } = await runCommand(list);
  expect(out.replaceAll(/\s+/g, ' ')).toContain('from 2027-01-01T00:00:00Z until 2027-03-01T00:00:00Z');
  const listed = JSON.parse((await runCommand([...list, '--json'])).out);
  expect(exceptSchema.parse(listed)).toMatchObject({ exceptions: [{ state: 'not-begun' }] });
  const where = args.slice(1, -2);
  const about = ['except', 'prod/plain', '--control', 'SecretsManager.1', '--file', file, ...where, ...now];
  const ended = await runCommand([...about, '--end']);
  expect(ended).toMatchObject({ code: 0, err: '' });
  expect(ended.out.replaceAll(/\s+/g, ' ')).toContain(
    'The one that was to begin at 2027-01-01T00:00:00Z is out of the file.',
  );
  expect(await runCommand([...about, '--end'])).toMatchObject({
    code: 1,
    out: expect.stringContaining('The file has no exception of this secret from SecretsManager.1.'),
  });
});

test('a sample is the same each time', async () => {
  const { args } = await served();
  const sampled = [...args, '--json', '--sample', '1', '--seed', 'a'];
  const first = await runCommand(sampled);
  expect((await runCommand(sampled)).out).toBe(first.out);
  expect(JSON.parse(first.out).secrets).toHaveLength(1);
});

test("Security Hub's own result stands beside the verdict, and where it is denied that is said once", async () => {
  const { simulator, args, arn } = await served();
  await judgeInHub(simulator, arn, { control: 'SecretsManager.1', status: 'FAILED' });
  const resultsOf = (out: string) =>
    JSON.parse(out).secrets.flatMap(
      ({ controls }: { controls: { control: string; securityHub: string | null }[] }) =>
        controls.flatMap(({ control, securityHub }) =>
          securityHub === null || securityHub === 'unknown' ? [] : [[control, securityHub]],
        ),
    );
  const seen = await runCommand([...args, '--json']);
  expect(resultsOf(seen.out)).toEqual([['SecretsManager.1', 'FAILED']]);
  expect((await runCommand([...args, '--format', 'csv'])).out).toContain('"SecretsManager.1 Security Hub"');
  deny(simulator, 'GetFindings');
  const denied = await runCommand([...args, '--json']);
  expect(resultsOf(denied.out)).toEqual([]);
  expect(denied.err.split("Security Hub's own results are unknown")).toHaveLength(2);
  expect(JSON.stringify(JSON.parse(denied.out).summary.notVerifiable)).toContain(
    "Security Hub's own results for",
  );
});

test('a denied list is an error with its cause, and writes no report', async () => {
  const { simulator, args } = await served();
  deny(simulator, 'ListSecrets');
  const { code, out, err } = await runCommand([...args, '--json']);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('secretsmanager:ListSecrets');
});

test.each([
  [['--from', '2026-11-02', '--to', '2026-11-01'], 'empty period'],
  [['--format', 'csv,html'], '--output-directory'],
  [['--period', '2026-Q5'], '2026-Q1'],
  [['--period', '2026', '--from', '2026-01-01'], 'cannot be used'],
  [['--seed', 'a'], '--sample'],
])('%j is refused', async (given, said) => {
  const { args } = await served();
  const { code, err } = await runCommand([...args, ...given]);
  expect(code).toBe(2);
  expect(err).toContain(said);
});

test.each(['--output-directory', '--archive'])('Ctrl-C leaves no half report: %s', async (option) => {
  const { simulator, args } = await served();
  for (let index = 0; index < 250; index++)
    simulator.secretsManager.seed({ name: `more/${index}`, kind: 'none', createdAt: later(NOW, -DAY) });
  let press = (): void => undefined;
  const interrupted = new Promise<void>((resolve) => {
    press = resolve;
  });
  let pages = 0;
  simulator.faults.before(({ operation }) => {
    pages += Number(operation === 'ListSecrets');
    if (pages === 2) press();
  });
  const path = folder();
  const { code, out, err } = await runCommand([...args, option, path, '--format', 'csv,html'], {
    interrupted,
  });
  expect({ code, out }).toEqual({ code: 130, out: '' });
  expect(err).toMatch(/\nInterrupted\.\n$/);
  const left = readdirSync(path, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  expect(left.map(({ name }) => name)).toEqual([]);
  expect(pages).toBe(2);
});
