import type { AuditUnderWay } from '../../domain/report/audit-record.ts';
import { type ManifestLink, partKey } from '../../domain/report/manifest.ts';
import type { SecretAudit } from '../../domain/report/secret-audit.ts';
import { type ReportStore, ReportStoreError } from '../../ports/report/report-store.ts';
import { withUploads } from '../report/with-uploads.ts';
import type { FleetAudit, FleetProgress } from './audit-fleet.ts';

/** The way in which reading the rows of a fleet ended. */
export type RowsEnd =
  /** All rows are in files. */
  | 'read'
  /** Time ran out; another invocation goes on. */
  | 'hand-over'
  /** Another invocation has the lock. */
  | 'lost';

/** Reading the rows of a fleet into files. */
export interface RowReading {
  readonly reports: ReportStore;
  readonly audit: FleetAudit;
  readonly underWay: AuditUnderWay;
  /** Whether it may go on after a page. */
  readonly mayGoOn: () => Promise<'yes' | Exclude<RowsEnd, 'read'>>;
  /** Remembers the audit with one file more. */
  readonly save: (underWay: AuditUnderWay) => Promise<void>;
}

/** Rows in the first files: so many are read again after a crash. */
const FEWEST_ROWS = 1000;
/** Files hold more the more there are, as each repeats which secrets were listed. */
const MOST_ROWS = 5000;
/**
 * A file has at most so much text, in characters, and a page of the list: it is held in memory as a whole. A secret that
 * rotates every day fills some 70 kB a year.
 */
const MOST_TEXT: number = 8 * 1024 * 1024;

/**
 * Reads the rows of a fleet into files, each with what another invocation needs to go on behind it. What was read since
 * the last file is lost in a crash, and read again.
 */
export async function readRows({ reports, audit, underWay, mayGoOn, save }: RowReading): Promise<RowsEnd> {
  let current = underWay;
  let rows: string[] = [];
  let length = 0;
  const keep = async (isRead: boolean): Promise<void> => {
    const part = await writePart(reports, partKey(current.readAt, current.parts.length + 1), {
      progress: audit.progress,
      rows,
    });
    current = { ...current, parts: [...current.parts, part], isRead };
    rows = [];
    length = 0;
    await save(current);
  };
  for await (const page of audit.pages()) {
    for (const row of page) {
      const line = JSON.stringify(row);
      rows.push(line);
      length += line.length;
    }
    const answer = await mayGoOn();
    if (answer === 'lost') return 'lost';
    if (answer === 'hand-over') {
      await keep(false);
      return 'hand-over';
    }
    const isLong = rows.length >= Math.min(MOST_ROWS, FEWEST_ROWS * (current.parts.length + 1));
    if (isLong || length >= MOST_TEXT) await keep(false);
  }
  await keep(true);
  return 'read';
}

/** A file of rows. */
interface Part {
  readonly progress: FleetProgress;
  /** A line of JSON for each. */
  readonly rows: readonly string[];
}

/** Writes a line with the progress, and a line for each row. */
const writePart = (reports: ReportStore, key: string, { progress, rows }: Part): Promise<ManifestLink> =>
  withUploads(reports, async (create) => {
    const upload = await create(key, 'application/jsonl');
    await upload.write(`${JSON.stringify(progress)}\n`);
    for (const row of rows) await upload.write(`${row}\n`);
    const { sha256, versionId } = await upload.close();
    return { key, sha256, versionId };
  });

/** Returns the progress at the end of the last file; undefined before the first. */
export async function progressOf(
  reports: ReportStore,
  parts: readonly ManifestLink[],
): Promise<FleetProgress | undefined> {
  const last = parts.at(-1);
  if (last === undefined) return undefined;
  const [first = ''] = await linesOf(reports, last);
  // The SHA-256 says that it is the text that writePart wrote.
  return JSON.parse(first) as FleetProgress;
}

/** All rows that were read, a file at a time. */
export async function* rowsIn(
  reports: ReportStore,
  parts: readonly ManifestLink[],
): AsyncGenerator<SecretAudit> {
  for (const part of parts) {
    const [, ...lines] = await linesOf(reports, part);
    // The SHA-256 says that it is the text that writePart wrote.
    for (const line of lines) yield JSON.parse(line) as SecretAudit;
  }
}

async function linesOf(
  reports: ReportStore,
  { key, sha256, versionId }: ManifestLink,
): Promise<readonly string[]> {
  const stored = await reports.text(key, versionId);
  if (stored?.sha256 === sha256) return stored.text.trimEnd().split('\n');
  const what = stored === undefined ? 'is missing' : 'was changed';
  throw new ReportStoreError(`Cannot go on with an audit: "${key}" ${what}`, {
    reason: 'invalid',
    retryable: false,
  });
}
