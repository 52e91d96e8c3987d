import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatInstant } from '../../calendar/instant.ts';
import type { Email } from '../../simulator/sns/delivery.ts';

/** Keeps e-mails as text files, in their order. */
export interface MailFolder {
  keep(email: Pick<Email, 'at' | 'address' | 'subject' | 'message'>): void;
}

/** Longest part of a subject that becomes part of a file name. */
const MAX_NAME = 80;

/**
 * A folder that is made if it is not there; files of an earlier run with the same name are replaced. A file that cannot be
 * written, as on a full disk, stops nothing: `onLost` gets the error of the first.
 */
export function mailFolder(path: string, onLost: (error: Error) => void): MailFolder {
  mkdirSync(path, { recursive: true });
  let [count, hasLost] = [0, false];
  const lose = (error: unknown): void => {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    if (!hasLost) onLost(error);
    hasLost = true;
  };
  return {
    keep({ at, address, subject, message }) {
      count += 1;
      const name = subject.replaceAll(/[^\w.-]+/g, '-').slice(0, MAX_NAME);
      const head = [`Date: ${formatInstant(at)}`, `To: ${address}`, `Subject: ${subject}`, '', ''].join('\n');
      try {
        writeFileSync(join(path, `${String(count).padStart(4, '0')}${name}.txt`), `${head}${message}\n`);
      } catch (error) {
        lose(error);
      }
    },
  };
}
