import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import {
  type Digest,
  type ReportStore,
  ReportStoreError,
  type ReportUpload,
} from '../../ports/report/report-store.ts';

/** Reports in a directory. It keeps no versions: a file that is written again is replaced at once as a whole. */
export const directoryReportStore = (root: string): ReportStore => ({
  create: (key) => orFail(`Cannot write "${key}"`, () => beginFile(pathOf(root, key), key)),
  digest: (key) => orFail(`Cannot read "${key}"`, () => unlessMissing(() => digestOf(pathOf(root, key)))),
  text: (key) =>
    orFail(`Cannot read "${key}"`, () =>
      unlessMissing(async () => {
        const bytes = await readFile(pathOf(root, key));
        return { text: bytes.toString('utf8'), ...proofOf(bytes) };
      }),
    ),
  keys: (prefix) =>
    orFail(`Cannot list "${prefix}"`, async () => {
      const entries = await unlessMissing(() => readdir(root, { recursive: true, withFileTypes: true }));
      return (entries ?? [])
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .filter((key) => key.startsWith(prefix) && !key.endsWith(PART))
        .sort();
    }),
});

/** End of the name of a file that is not whole yet. */
const PART = '.part';

async function beginFile(path: string, key: string): Promise<ReportUpload> {
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}${PART}`;
  const file = await open(part, 'w');
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    write: (text) =>
      orFail(`Cannot write "${key}"`, async () => {
        const chunk = Buffer.from(text);
        hash.update(chunk);
        bytes += chunk.byteLength;
        await file.write(chunk);
      }),
    close: () =>
      orFail(`Cannot write "${key}"`, async () => {
        await file.close();
        await rename(part, path);
        return { key, versionId: undefined, sha256: hash.digest('hex'), bytes };
      }),
    discard: () =>
      orFail(`Cannot remove "${key}"`, async () => {
        await file.close();
        await rm(part, { force: true });
      }),
  };
}

/** A key never leaves the directory. */
function pathOf(root: string, key: string): string {
  if (
    key.split('/').some((part) => part === '..' || part === '' || part.includes('\\') || part.includes('\0'))
  ) {
    throw new ReportStoreError(`Cannot use the key "${key}"`, { reason: 'invalid', retryable: false });
  }
  return join(root, ...key.split('/'));
}

async function digestOf(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

const proofOf = (bytes: Buffer): Digest => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  bytes: bytes.byteLength,
});

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

async function unlessMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

async function orFail<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ReportStoreError) throw error;
    const isDenied = ['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error));
    const reason = isDenied ? 'denied' : 'server';
    throw new ReportStoreError(`${what}: ${codeOf(error)}`, { reason, retryable: false, cause: error });
  }
}
