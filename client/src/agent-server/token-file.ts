import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readFile, rm } from 'node:fs/promises';

/** The token file, and the group that may read it beside the agent's own user. */
export interface TokenFileOptions {
  readonly path: string;
  /** Name of a group; without one the user of the agent alone may. */
  readonly group?: string | undefined;
}

/** Bytes of chance in a token. */
const TOKEN_BYTES = 32;

/**
 * Makes a new token and puts it into a file that did not exist: no link is followed, and nobody could have opened it
 * before. A file of an earlier start is replaced.
 *
 * @throws The path holds something else than a file of this user, or the group is not known.
 */
export async function makeTokenFile({ path, group }: TokenFileOptions): Promise<string> {
  const gid = group === undefined ? undefined : await groupId(group);
  await removeOld(path);
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    if (gid !== undefined) {
      await file.chown(process.getuid?.() ?? -1, gid);
      await file.chmod(0o640);
    }
    await file.writeFile(`${token}\n`);
  } finally {
    await file.close();
  }
  return token;
}

/** Removes the file of an earlier start. */
async function removeOld(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isFile() || found.uid !== process.getuid?.())
    throw new Error(`Cannot write the token to "${path}" as it is no file of this user`);
  await rm(path);
}

async function groupId(name: string): Promise<number> {
  const groups = await readFile('/etc/group', 'utf8').catch(() => '');
  const found = groups
    .split('\n')
    .map((line) => line.split(':'))
    .find(([group]) => group === name);
  const gid = Number(found?.[2] ?? Number.NaN);
  if (Number.isInteger(gid)) return gid;
  throw new Error(`Cannot let the group "${name}" read the token as there is no such group`);
}

/**
 * The token in the first variable that is set, or in the file that it names as a `file://` URL or by its path: the path
 * itself is no secret.
 *
 * @throws None is set, or the file cannot be read or is empty.
 */
export async function tokenFromEnvironment(
  names: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const name = names.find((each) => (env[each] ?? '') !== '');
  if (name === undefined)
    throw new Error(`Cannot start the agent without a token: set token_file, or one of ${names.join(', ')}`);
  const value = (env[name] ?? '').trim();
  const token = /^(file:\/\/|\/)/.test(value) ? await fileText(value) : value;
  if (token === '') throw new Error(`Cannot start the agent without a token: ${name} holds none`);
  return token;
}

const fileText = async (place: string): Promise<string> =>
  (await readFile(place.startsWith('/') ? place : new URL(place), 'utf8')).trim();

/** Compares in a time that reveals nothing of the token, its length included. */
export function isToken(token: string): (given: string) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(token);
  return (given) => timingSafeEqual(digest(given), expected);
}
