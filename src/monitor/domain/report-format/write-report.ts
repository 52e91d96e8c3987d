import type { AuditStream } from '../report/audit-report.ts';
import { shown } from '../shown.ts';
import { csvReport } from './csv-report.ts';
import { asffReport, ocsfReport } from './finding-reports.ts';
import { htmlReport } from './html-report.ts';
import { jsonReport } from './json-report.ts';
import type { ReportWriter } from './report-writer.ts';

/** A format that reports are written in. */
export type ReportFormat = 'csv' | 'json' | 'html' | 'ocsf' | 'asff';

const WRITERS: Readonly<Record<ReportFormat, () => ReportWriter>> = {
  csv: csvReport,
  json: jsonReport,
  html: htmlReport,
  ocsf: ocsfReport,
  asff: asffReport,
};

/** The formats that reports are written in, with the ends of their files' names. */
export const REPORT_FORMATS: Readonly<Record<ReportFormat, string>> = {
  csv: 'csv',
  json: 'json',
  html: 'html',
  ocsf: 'ocsf.jsonl',
  asff: 'asff.json',
};

/** Takes text as it is made; the next piece waits until it resolves. */
export interface TextSink {
  write(text: string): Promise<void>;
}

/** A format and where its text goes. */
export interface ReportOutput {
  readonly format: ReportFormat;
  readonly sink: TextSink;
}

/** Writes a report in one format, secret by secret. Text from outside is shown as one bounded line. */
export const writeReport = (format: ReportFormat, stream: AuditStream, sink: TextSink): Promise<void> =>
  writeReports([{ format, sink }], stream);

/** Writes a report in several formats while its secrets are read once. */
export async function writeReports(outputs: readonly ReportOutput[], stream: AuditStream): Promise<void> {
  const writers = outputs.map(({ format, sink }) => ({ writer: WRITERS[format](), sink }));
  const tell = async (text: (writer: ReportWriter) => string): Promise<void> => {
    for (const { writer, sink } of writers) {
      const piece = text(writer);
      if (piece !== '') await sink.write(piece);
    }
  };
  const provenance = shown(stream.provenance);
  await tell((writer) => writer.begin(provenance));
  for await (const secret of stream.secrets) {
    const safe = shown(secret);
    await tell((writer) => writer.secret(safe));
  }
  const summary = shown(await stream.summary());
  await tell((writer) => writer.end(summary));
}
