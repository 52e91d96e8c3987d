import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFolder, writeWhole } from '../../../../src/cli/terminal/whole-file.ts';

const TASK = { what: 'Cannot write the sweep', example: 'rotation-monitor sweep' };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'whole-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

test('a file is replaced at once: whoever holds the old one reads it as it was', async () => {
  const [path, held] = [join(folder(), 'a'), join(folder(), 'b')];
  await writeWhole(path, 'old');
  linkSync(path, held);
  await writeWhole(path, 'new');
  expect([readFileSync(path, 'utf8'), readFileSync(held, 'utf8')]).toEqual(['new', 'old']);
});

test('a link stays a link, and permissions stay', async () => {
  const at = folder();
  const [file, link] = [join(at, 'file'), join(at, 'link')];
  writeFileSync(file, 'old');
  chmodSync(file, 0o640);
  symlinkSync(file, link);
  await writeWhole(link, 'new');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o640);
});

test('a file that cannot be written leaves nothing behind', async () => {
  const at = folder();
  mkdirSync(join(at, 'file.part'));
  await expect(writeWhole(join(at, 'file'), 'new')).rejects.toThrow('EISDIR');
  expect(readdirSync(at)).toEqual(['file.part']);
});

test('a device is written as it is', async () => {
  await writeWhole('/dev/null', 'new');
  expect(statSync('/dev/null').isFile()).toBe(false);
});

test('a folder is made with its parents, and a file in its place is refused', async () => {
  const path = join(folder(), 'a/b');
  await makeFolder(path, TASK);
  writeFileSync(join(path, 'file'), '');
  await expect(makeFolder(join(path, 'file'), TASK)).rejects.toMatchObject({
    parts: { ...TASK, details: [expect.stringContaining('EEXIST')] },
  });
});
