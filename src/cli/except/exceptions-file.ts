import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Document } from 'yaml';
import { formatInstant, type Instant, wholeSecond } from '../../calendar/instant.ts';
import type { AuditException } from '../../monitor/domain/report/audit-exception.ts';
import { readExceptions } from '../../monitor/domain/report/read-exceptions.ts';
import { CliError } from '../terminal/cli-error.ts';
import { writeWhole } from '../terminal/whole-file.ts';

/** Exceptions, and the hash that a report names them by. */
export interface HashedExceptions {
  readonly exceptions: readonly AuditException[];
  /** SHA-256 in hex of the file; of an empty text without one. */
  readonly exceptionsHash: string;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Reads a file of exceptions in YAML, of which JSON is a part; none where no file is named. */
export async function exceptionsIn(file: string | undefined): Promise<HashedExceptions> {
  if (file === undefined) return { exceptions: [], exceptionsHash: hashOf('') };
  const text = await readFile(file, 'utf8');
  return { exceptions: exceptionsOf(await parsed(file, text), file), exceptionsHash: hashOf(text) };
}

/** An exception as a file holds it: days and instants as people write them. */
export interface WrittenException {
  readonly secretArn: string;
  readonly control: string;
  readonly reason: string;
  readonly ticket?: string | undefined;
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly grantedAt: string;
  readonly until: string;
}

/** Adds an exception to a file and keeps its comments; makes the file where there is none. Returns the one added. */
export async function addException(
  file: string,
  exception: WrittenException,
): Promise<AuditException | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  const document = await parsed(file, text);
  if (document.contents === null || !document.hasIn([0])) document.contents = document.createNode([]);
  document.add(document.createNode(JSON.parse(JSON.stringify(exception))));
  const exceptions = exceptionsOf(document, file);
  await writeWhole(file, String(document));
  return exceptions.at(-1);
}

/** An exception of a file that was ended. */
type EndedException = AuditException & { readonly endedAt: Instant };

/** The exceptions that were ended; where there was none, the latest of those that were over before. */
export interface EndedExceptions {
  readonly ended: readonly EndedException[];
  readonly over: AuditException | undefined;
}

/**
 * Ends now whatever a file excepts a secret from by one control. One that has not begun has no end to write, so it is taken
 * out of the file.
 */
export async function endExceptions(
  file: string,
  { secretArn, control, now }: Pick<AuditException, 'secretArn' | 'control'> & { readonly now: Instant },
): Promise<EndedExceptions> {
  const document = await parsed(file, await readFile(file, 'utf8'));
  const found = exceptionsOf(document, file)
    .map((exception, index) => ({ exception, index }))
    .filter(({ exception }) => exception.secretArn === secretArn && exception.control === control);
  const live = found.filter(({ exception }) => exception.until > now);
  const ended = live.map(({ exception, index }) => {
    if (exception.grantedAt >= now) return { ...exception, endedAt: now };
    document.setIn([index, 'until'], exactly(now));
    return { ...exception, until: now, endedAt: now };
  });
  const notBegun = live.filter(({ exception }) => exception.grantedAt >= now);
  for (const { index } of notBegun.toReversed()) await takeOut(document, index);
  if (ended.length > 0) await writeWhole(file, String(document));
  const [over] = found.map(({ exception }) => exception).sort((a, b) => b.until - a.until);
  return { ended, over: ended.length > 0 ? undefined : over };
}

/** Takes an exception out of a file. The words above the first one may be about the whole file, so they stay. */
async function takeOut(document: Document, index: number): Promise<void> {
  const { isNode } = await import('yaml');
  const node = document.getIn([index], true);
  if (index === 0 && isNode(node) && node.commentBefore)
    document.commentBefore = [document.commentBefore, node.commentBefore].filter(Boolean).join('\n');
  document.deleteIn([index]);
}

/** An instant to the millisecond: an exception that ends in the second in which it began has held for a moment. */
const exactly = (at: Instant): string =>
  wholeSecond(at) === at ? formatInstant(at) : new Date(at).toISOString();

async function parsed(file: string, text: string): Promise<Document> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error === undefined) return document;
  throw unusable(file, [`It is not YAML: ${error.message.split('\n')[0]}`]);
}

function exceptionsOf(document: Document, file: string): readonly AuditException[] {
  const read = readExceptions(document.toJS());
  if ('exceptions' in read) return read.exceptions;
  throw unusable(file, read.faults);
}

const unusable = (file: string, details: readonly string[]): CliError =>
  new CliError({
    what: `Cannot use the exceptions in "${file}"`,
    details,
    solve: [
      'Write a list of objects with secretArn, control, reason, requestedBy, approvedBy, grantedAt and until.',
    ],
    example:
      "rotation-monitor except prod/db --file exceptions.yaml --control SecretsManager.1 --until 2027-03-31 --reason 'rotated by hand' --approver 'Bo Berg'",
  });
