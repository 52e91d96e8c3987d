import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { AuditException } from '../../monitor/domain/report/audit-exception.ts';
import { readExceptions } from '../../monitor/domain/report/read-exceptions.ts';
import { CliError } from '../terminal/cli-error.ts';

/** Exceptions, and the hash that a report names them by. */
export interface HashedExceptions {
  readonly exceptions: readonly AuditException[];
  /** SHA-256 in hex of the file; of an empty text without one. */
  readonly exceptionsHash: string;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Reads a file of exceptions; none where no file is named. */
export async function exceptionsIn(file: string | undefined): Promise<HashedExceptions> {
  if (file === undefined) return { exceptions: [], exceptionsHash: hashOf('') };
  const text = await readFile(file, 'utf8');
  const read = readExceptions(parsed(text));
  if ('exceptions' in read) return { ...read, exceptionsHash: hashOf(text) };
  throw new CliError({
    what: `Cannot use the exceptions in "${file}"`,
    details: read.faults,
    solve: [
      'Write a JSON list of objects with secretArn, control, reason, requestedBy, approvedBy, grantedAt and until.',
    ],
    example: 'rotation-monitor audit --exceptions exceptions.json',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
