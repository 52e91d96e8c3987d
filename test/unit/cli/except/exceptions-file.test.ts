import { linkSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { formatInstant, later, MINUTE } from '../../../../src/calendar/instant.ts';
import { addException, endExceptions, exceptionsIn } from '../../../../src/cli/except/exceptions-file.ts';
import { CliError } from '../../../../src/cli/terminal/cli-error.ts';
import { at, NOW } from '../../../support/builders.ts';
import { named } from '../../../support/secrets.ts';

function file(text?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'exceptions-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'exceptions.yaml');
  if (text !== undefined) writeFileSync(path, text);
  return path;
}

const YAML = `# Reviewed by the platform team.
- secretArn: ${named('prod/db').arn}
  control: SecretsManager.1
  reason: rotated by hand # each quarter
  ticket: 1042
  requestedBy: alice
  approvedBy: bob
  grantedAt: 2026-11-01
  until: 2027-03-31
`;
const ANOTHER = {
  secretArn: named('prod/other').arn,
  control: 'SecretsManager.4',
  reason: 'the vendor is closed',
  requestedBy: 'alice',
  approvedBy: 'bob',
  grantedAt: '2026-11-21T09:00:00Z',
  until: '2026-12-31',
};

test('YAML is read as JSON is, and the last day is part of an exception', async () => {
  const { exceptions } = await exceptionsIn(file(YAML));
  expect(exceptions).toMatchObject([{ ticket: '1042', until: at('2027-04-01T00:00:00Z') }]);
  expect((await exceptionsIn(file(JSON.stringify([ANOTHER])))).exceptions).toHaveLength(1);
});

test('an exception is added to a file that keeps its comments, or to a new one', async () => {
  const path = file(YAML);
  expect(await addException(path, ANOTHER)).toMatchObject({ control: 'SecretsManager.4' });
  expect(readFileSync(path, 'utf8')).toContain('rotated by hand # each quarter');
  expect((await exceptionsIn(path)).exceptions).toHaveLength(2);
  const fresh = file();
  await addException(fresh, ANOTHER);
  expect(readFileSync(fresh, 'utf8')).toMatch(/^- secretArn: arn:aws:.*\n {2}control: SecretsManager\.4\n/);
});

test('a file of exceptions is replaced as a whole, so that a full disk loses none', async () => {
  const path = file(YAML);
  const held = `${path}.held`;
  linkSync(path, held);
  await addException(path, ANOTHER);
  expect(readFileSync(held, 'utf8')).toBe(YAML);
  const about = { secretArn: named('prod/db').arn, control: 'SecretsManager.1', now: NOW } as const;
  linkSync(path, `${held}.added`);
  await endExceptions(path, about);
  expect((await exceptionsIn(`${held}.added`)).exceptions[0]?.until).toBe(at('2027-04-01T00:00:00Z'));
});

test('an exception that cannot be used is refused and leaves the file as it is', async () => {
  const path = file(YAML);
  await expect(addException(path, { ...ANOTHER, approvedBy: 'alice' })).rejects.toThrow(CliError);
  expect(readFileSync(path, 'utf8')).toBe(YAML);
});

test('an exception ends now, once, and another control or secret goes on', async () => {
  const path = file(YAML);
  const about = { secretArn: named('prod/db').arn, control: 'SecretsManager.1', now: NOW } as const;
  const none = { ended: [], over: undefined };
  expect(await endExceptions(path, { ...about, control: 'SecretsManager.2' })).toEqual(none);
  expect(await endExceptions(path, { ...about, secretArn: named('prod/other').arn })).toEqual(none);
  expect(await endExceptions(path, about)).toMatchObject({
    ended: [{ until: NOW, endedAt: NOW }],
    over: undefined,
  });
  expect((await exceptionsIn(path)).exceptions).toMatchObject([{ until: NOW }]);
  expect(await endExceptions(path, { ...about, now: later(NOW, MINUTE) })).toMatchObject({
    ended: [],
    over: { reason: 'rotated by hand', until: NOW },
  });
});

test('an exception that ends in the second in which it began leaves a file that can be read', async () => {
  const path = file();
  await addException(path, { ...ANOTHER, grantedAt: formatInstant(NOW) });
  const now = later(NOW, 500);
  const { ended } = await endExceptions(path, {
    secretArn: ANOTHER.secretArn,
    control: 'SecretsManager.4',
    now,
  });
  expect(ended).toHaveLength(1);
  expect((await exceptionsIn(path)).exceptions).toMatchObject([{ grantedAt: NOW, until: now }]);
});

test.each([
  ['at this very moment', 0],
  ['later', 1],
])(
  'an exception that begins %s is taken out of the file, and the others stay with their comments',
  async (_when, ms) => {
    const path = file(YAML);
    const grantedAt = later(NOW, ms);
    await addException(path, { ...ANOTHER, grantedAt: new Date(grantedAt).toISOString() });
    await addException(path, { ...ANOTHER, control: 'SecretsManager.2', grantedAt: '2026-12-01' });
    const about = { secretArn: ANOTHER.secretArn, control: 'SecretsManager.4', now: NOW } as const;
    expect(await endExceptions(path, about)).toMatchObject({ ended: [{ grantedAt, endedAt: NOW }] });
    expect((await exceptionsIn(path)).exceptions.map(({ control }) => control)).toEqual([
      'SecretsManager.1',
      'SecretsManager.2',
    ]);
    expect(readFileSync(path, 'utf8')).toContain('rotated by hand # each quarter');
    expect(await endExceptions(path, about)).toEqual({ ended: [], over: undefined });
  },
);

test('of two, the one that is in force ends and the one that has not begun is taken out', async () => {
  const path = file();
  const about = { secretArn: ANOTHER.secretArn, control: 'SecretsManager.4', now: NOW } as const;
  await addException(path, { ...ANOTHER, grantedAt: '2026-12-01' });
  await addException(path, { ...ANOTHER, grantedAt: '2026-11-01' });
  expect((await endExceptions(path, about)).ended).toHaveLength(2);
  expect((await exceptionsIn(path)).exceptions).toMatchObject([
    { grantedAt: at('2026-11-01T00:00:00Z'), until: NOW },
  ]);
});

test('a file out of which the only exception was taken keeps the words at its head and takes another', async () => {
  const path = file(YAML.replace('grantedAt: 2026-11-01', 'grantedAt: 2026-12-01'));
  const about = { secretArn: named('prod/db').arn, control: 'SecretsManager.1', now: NOW } as const;
  expect((await endExceptions(path, about)).ended).toHaveLength(1);
  expect((await exceptionsIn(path)).exceptions).toEqual([]);
  expect(readFileSync(path, 'utf8')).toContain('# Reviewed by the platform team.');
  await addException(path, ANOTHER);
  expect(readFileSync(path, 'utf8')).toMatch(/\n- secretArn: arn:aws:.*\n {2}control: SecretsManager\.4\n/);
});

test.each(['- a: [', 'a: 1', '7', `${YAML}  tiket: 1\n`])('%j is refused', async (text) => {
  await expect(exceptionsIn(file(text))).rejects.toThrow('Cannot use the exceptions');
});
