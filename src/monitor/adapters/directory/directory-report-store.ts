import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import {
  type Digest,
  type ReportStore,
  ReportStoreError,
  type ReportUpload,
} from '../../ports/report/report-store.ts';
import { beginLocalFile, orFail, unlessMissing } from '../system/local-file.ts';

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
  const file = await beginLocalFile({ path: part, name: key, isPrivate: false });
  return {
    write: (text) => file.write(text),
    close: () =>
      orFail(`Cannot write "${key}"`, async () => {
        const proof = await file.close();
        await rename(part, path);
        return { key, versionId: undefined, ...proof };
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
