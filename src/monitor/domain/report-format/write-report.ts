import type { AuditStream, Provenance } from '../report/audit-report.ts';
import type { ControlVerdict } from '../report/control-verdict.ts';
import type { SecretAudit } from '../report/secret-audit.ts';
import { shown } from '../shown.ts';
import { asffFinding } from './asff-finding.ts';
import { csvReport } from './csv-report.ts';
import { htmlReport } from './html-report.ts';
import { jsonReport } from './json-report.ts';
import { ocsfFinding } from './ocsf-finding.ts';
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

/** A JSON array of findings in the AWS Security Finding Format, one a line. */
function asffReport(): ReportWriter {
  return findingReport({
    first: '[',
    before: '\n',
    between: ',\n',
    after: '',
    last: '\n]\n',
    finding: asffFinding,
  });
}

/** A line of JSON for each verdict, as OCSF 1.6.0 has Compliance Findings. */
function ocsfReport(): ReportWriter {
  return findingReport({ first: '', before: '', between: '', last: '', after: '\n', finding: ocsfFinding });
}

/** The form of a file of findings. */
interface Layout {
  readonly first: string;
  /** Before the first finding. */
  readonly before: string;
  readonly between: string;
  /** Text after each finding. */
  readonly after: string;
  readonly last: string;
  readonly finding: (secret: SecretAudit, verdict: ControlVerdict, provenance: Provenance) => object;
}

function findingReport({ first, before, between, after, last, finding }: Layout): ReportWriter {
  let provenance: Provenance | undefined;
  let separator = before;
  return {
    begin: (given) => {
      provenance = given;
      return first;
    },
    secret: (secret) => {
      if (provenance === undefined) throw new TypeError('Cannot write a secret before the report has begun');
      const lines: string[] = [];
      for (const verdict of secret.controls) {
        lines.push(`${separator}${JSON.stringify(finding(secret, verdict, provenance))}${after}`);
        separator = between;
      }
      return lines.join('');
    },
    end: () => last,
  };
}
