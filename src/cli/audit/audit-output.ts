import { join } from 'node:path';
import { formatInstant } from '../../calendar/instant.ts';
import { directoryReportStore } from '../../monitor/adapters/directory/directory-report-store.ts';
import { withUploads } from '../../monitor/application/report/with-uploads.ts';
import type { AuditPeriod, AuditStream } from '../../monitor/domain/report/audit-report.ts';
import {
  REPORT_FORMATS,
  type TextSink,
  writeReports,
} from '../../monitor/domain/report-format/write-report.ts';
import type { ReportUpload } from '../../monitor/ports/report/report-store.ts';
import type { Colors, TextStream } from '../terminal/output.ts';
import type { AuditFormat } from './audit-options.ts';
import { AuditText } from './audit-text.ts';
import { unusable } from './report-place.ts';

/** The places that an audit is written to. */
export interface AuditOutput {
  readonly formats: readonly AuditFormat[];
  /** Undefined to write to the stream. */
  readonly folder: string | undefined;
  readonly stdout: TextStream;
  readonly colors: Colors;
}

/** The task of writing an audit into a folder, for the message when it fails. */
export const WRITING = {
  what: 'Cannot write the audit',
  example: 'rotation-monitor audit --output-directory ./audits',
};

/** Writes a report in all formats while its secrets are read once; returns the files it has written. */
export async function writeAudit(stream: AuditStream, output: AuditOutput): Promise<readonly string[]> {
  const { formats, folder, stdout, colors } = output;
  if (folder === undefined) {
    const printed: TextSink = {
      write: (piece) => {
        stdout.write(piece);
        return stdout.drained();
      },
    };
    await writeAll(
      stream,
      formats.map((format) => ({ format, sink: printed })),
      colors,
    );
    return [];
  }
  const written = withUploads(directoryReportStore(folder), async (create) => {
    const files: { readonly format: AuditFormat; readonly sink: ReportUpload }[] = [];
    for (const format of formats)
      files.push({ format, sink: await create(nameOf(stream.provenance.period, format), '') });
    await writeAll(stream, files, colors);
    const stored: string[] = [];
    for (const { sink } of files) stored.push(join(folder, (await sink.close()).key));
    return stored;
  });
  return written.catch(unusable(folder, WRITING));
}

/** Writes a report into each of some places; the text counts the rows that the other formats write. */
async function writeAll(
  stream: AuditStream,
  outputs: readonly { readonly format: AuditFormat; readonly sink: TextSink }[],
  colors: Colors,
): Promise<void> {
  const text = new AuditText(colors);
  const told = outputs.filter(({ format }) => format === 'text');
  const written = outputs.flatMap(({ format, sink }) => (format === 'text' ? [] : [{ format, sink }]));
  for (const { sink } of told) await sink.write(text.begin(stream.provenance));
  await writeReports(written, watched(stream, text));
  for (const { sink } of told) await sink.write(text.end(await stream.summary()));
}

/** The same stream; the text counts its rows as they pass. */
const watched = (stream: AuditStream, text: AuditText): AuditStream => ({
  ...stream,
  secrets: (async function* () {
    for await (const row of stream.secrets) {
      text.add(row);
      yield row;
    }
  })(),
});

/** Such as `audit-2026-Q1.csv`. */
function nameOf({ from, to, label }: AuditPeriod, format: AuditFormat): string {
  const days = [from, to].map((at) => formatInstant(at).slice(0, 10));
  const end = format === 'text' ? 'txt' : REPORT_FORMATS[format];
  return `audit-${label ?? days.join('-to-')}.${end}`;
}
