import type { Instant } from '../../../calendar/instant.ts';
import type { AuditStream } from '../../domain/report/audit-report.ts';
import {
  MANIFESTS,
  type ManifestLink,
  manifestKey,
  manifestOf,
  manifestText,
  reportKey,
} from '../../domain/report/manifest.ts';
import {
  REPORT_FORMATS,
  type ReportFormat,
  type ReportOutput,
  writeReports,
} from '../../domain/report-format/write-report.ts';
import type { ReportStore, ReportUpload, StoredFile } from '../../ports/report/report-store.ts';
import { withUploads } from './with-uploads.ts';

/** Media types of the formats, for those who open a report in a browser. */
const CONTENT_TYPES: Readonly<Record<ReportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  html: 'text/html; charset=utf-8',
  ocsf: 'application/jsonl',
  asff: 'application/json',
};

/** A report and where it goes. */
export interface Archiving {
  readonly store: ReportStore;
  readonly formats: readonly ReportFormat[];
  /** The manifest of the audit before; undefined for the first of a chain. */
  readonly previous: ManifestLink | undefined;
}

/** A stored report: its files, and the manifest that the next one links to. */
export interface ArchivedReport {
  readonly files: readonly StoredFile[];
  readonly manifest: StoredFile;
}

/** The newest manifest of a store, which the next one links to; undefined in an empty one. */
export async function lastManifest(store: ReportStore): Promise<ManifestLink | undefined> {
  const key = (await store.keys(MANIFESTS)).at(-1);
  const read = key === undefined ? undefined : await store.text(key, undefined);
  return key === undefined || read === undefined
    ? undefined
    : { key, sha256: read.sha256, versionId: read.versionId };
}

/** Whether an audit of this moment would come after the last one of its chain. */
export const isLaterThan = (previous: ManifestLink | undefined, readAt: Instant): boolean =>
  previous === undefined || manifestKey(readAt) > previous.key;

/** Stores a report in several formats while its secrets are read once, then the manifest that seals it. */
export const archiveReport = (
  { store, formats, previous }: Archiving,
  stream: AuditStream,
): Promise<ArchivedReport> =>
  withUploads(store, async (create) => {
    const { readAt } = stream.provenance;
    const outputs: (ReportOutput & { readonly sink: ReportUpload })[] = [];
    for (const format of formats) {
      const sink = await create(reportKey(readAt, REPORT_FORMATS[format]), CONTENT_TYPES[format]);
      outputs.push({ format, sink });
    }
    await writeReports(outputs, stream);
    const files: StoredFile[] = [];
    for (const { sink } of outputs) files.push(await sink.close());
    const seal = await create(manifestKey(readAt), 'application/json');
    await seal.write(manifestText(manifestOf(stream.provenance, files, previous)));
    return { files, manifest: await seal.close() };
  });
