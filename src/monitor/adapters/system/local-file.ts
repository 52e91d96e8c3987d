import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { type Digest, ReportStoreError } from '../../ports/report/report-store.ts';

/** A new file of this machine that is written piece by piece. */
export interface LocalFile {
  write(text: string): Promise<void>;
  /** Closes the file and returns the proof of what was written. May be called again. */
  close(): Promise<Digest>;
}

/** The place of a new file, and how errors name it. */
interface NewFile {
  readonly path: string;
  readonly name: string;
  /** Whether nobody else on this machine may read it, and nothing may be there before. */
  readonly isPrivate: boolean;
}

/** Begins a file. A disk may take a text in parts: all are written, so that the proof is that of the file. */
export async function beginLocalFile({ path, name, isPrivate }: NewFile): Promise<LocalFile> {
  const what = `Cannot write "${name}"`;
  const file = await orFail(what, () => (isPrivate ? open(path, 'wx', 0o600) : open(path, 'w')));
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    write: (text) =>
      orFail(what, async () => {
        const chunk = Buffer.from(text);
        hash.update(chunk);
        bytes += chunk.byteLength;
        await file.appendFile(chunk);
      }),
    close: () =>
      orFail(what, async () => {
        await file.close();
        return { sha256: hash.copy().digest('hex'), bytes };
      }),
  };
}

/** Does some work with files; its failures are {@link ReportStoreError}s. */
export async function orFail<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ReportStoreError) throw error;
    const isDenied = ['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error));
    const reason = isDenied ? 'denied' : 'server';
    throw new ReportStoreError(`${what}: ${codeOf(error)}`, { reason, retryable: false, cause: error });
  }
}

/** Returns the code of an error of the system, such as `ENOENT`; empty for any other. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** Returns what some work finds; undefined where a file or folder on its way is missing. */
export async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
}
