import { execFileSync } from 'node:child_process';
import { lstat, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isToken, makeTokenFile, tokenFromEnvironment } from '../../../client/src/agent-server/token-file.ts';

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'token-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

const modeOf = async (path: string) => ((await lstat(path)).mode & 0o777).toString(8);

test('a token is 32 bytes of chance in a file that its user alone may read, and new at each start', async () => {
  const path = join(await aFolder(), 'token');
  const token = await makeTokenFile({ path });
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(await readFile(path, 'utf8')).toBe(`${token}\n`);
  expect(await modeOf(path)).toBe('600');
  expect(await makeTokenFile({ path })).not.toBe(token);
});

test('a named group may read it, and a group that is none is refused before anything is written', async () => {
  const path = join(await aFolder(), 'token');
  const group = execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim();
  await makeTokenFile({ path, group });
  expect(await modeOf(path)).toBe('640');
  expect((await lstat(path)).gid).toBe(process.getgid?.());
  const other = join(await aFolder(), 'token');
  await expect(makeTokenFile({ path: other, group: 'no-such-group' })).rejects.toThrow(
    'there is no such group',
  );
  await expect(lstat(other)).rejects.toThrow('ENOENT');
});

test('a link is not followed, and what it leads to stays', async () => {
  const folder = await aFolder();
  const [path, target] = [join(folder, 'token'), join(folder, 'target')];
  await writeFile(target, 'mine');
  await symlink(target, path);
  await expect(makeTokenFile({ path })).rejects.toThrow('it is no file of this user');
  expect(await readFile(target, 'utf8')).toBe('mine');
});

test('the first variable that is set holds the token, or names its file', async () => {
  const path = join(await aFolder(), 'token');
  await writeFile(path, 'from-file\n');
  const names = ['ONE', 'TWO'];
  expect(await tokenFromEnvironment(names, { ONE: '', TWO: 'plain' })).toBe('plain');
  expect(await tokenFromEnvironment(names, { ONE: `file://${path}`, TWO: 'plain' })).toBe('from-file');
  expect(await tokenFromEnvironment(names, { ONE: path })).toBe('from-file');
  await expect(tokenFromEnvironment(names, {})).rejects.toThrow('set token_file, or one of ONE, TWO');
  await writeFile(path, '\n');
  await expect(tokenFromEnvironment(names, { ONE: `file://${path}` })).rejects.toThrow('ONE holds none');
});

test.each(['secret', 'secret-tokeN', 'secret-token-and-more', ''])('%j is not the token', (given) => {
  expect(isToken('secret-token')(given)).toBe(false);
  expect(isToken('secret-token')('secret-token')).toBe(true);
});
