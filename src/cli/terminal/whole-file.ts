import { constants } from 'node:fs';
import { access, chmod, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { codeOf, unlessMissing } from '../../monitor/adapters/system/local-file.ts';
import { CliError, type CliErrorParts } from './cli-error.ts';

/** Ending of the name of a file that is not whole yet. */
const PART = '.part';

/** Codes of a folder in which nothing may be created, or of a file that is mounted by itself. */
const FIXED: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY']);

/**
 * Writes a text file as a whole or not at all: a disk that is full leaves what was there before. Links and permissions stay.
 * What is no file, such as a pipe, is written as it is.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const target = await unlessMissing(() => realpath(path));
  const known = target === undefined ? undefined : await stat(target);
  if (known?.isFile() === false) return writeFile(path, text);
  try {
    await replace(target ?? path, text, known?.mode);
  } catch (error) {
    if (target === undefined || !FIXED.has(codeOf(error))) throw error;
    await writeFile(target, text);
  }
}

async function replace(path: string, text: string, mode: number | undefined): Promise<void> {
  const part = `${path}${PART}`;
  try {
    await writeFile(part, text);
    if (mode !== undefined) await chmod(part, mode);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** Makes a folder that is missing. Where nothing can be written in it, that is known before anything is read for it. */
export async function makeFolder(
  path: string,
  { what, example }: Pick<CliErrorParts, 'what' | 'example'>,
): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch (error) {
    if (codeOf(error) === '' || !(error instanceof Error)) throw error;
    const solve = ['Name a folder that you may write in.'];
    throw new CliError({ what, details: [error.message], solve, example }, { cause: error });
  }
}
