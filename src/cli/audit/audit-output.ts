import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { formatInstant } from '../../calendar/instant.ts';
import type { AuditPeriod, AuditStream } from '../../monitor/domain/report/audit-report.ts';
import {
  REPORT_FORMATS,
  type ReportOutput,
  type TextSink,
  writeReports,
} from '../../monitor/domain/report-format/write-report.ts';
import type { Colors, TextStream } from '../terminal/output.ts';
import type { AuditFormat } from './audit-options.ts';
import { AuditText } from './audit-text.ts';

/** The places that an audit is written to. */
export interface AuditOutput {
  readonly formats: readonly AuditFormat[];
  /** Undefined to write to the stream. */
  readonly folder: string | undefined;
  readonly stdout: TextStream;
  readonly colors: Colors;
}

/** Writes a report in all formats while its secrets are read once; returns the files it has written. */
export async function writeAudit(stream: AuditStream, output: AuditOutput): Promise<readonly string[]> {
  const { formats, folder, stdout } = output;
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const files = formats.map((format) => ({
    format,
    file: folder === undefined ? undefined : open(join(folder, nameOf(stream.provenance.period, format))),
  }));
  const printed: TextSink = {
    write: (piece) => {
      stdout.write(piece);
      return stdout.drained();
    },
  };
  const text = new AuditText(output.colors);
  const written: ReportOutput[] = files.flatMap(({ format, file }) =>
    format === 'text' ? [] : [{ format, sink: file ?? printed }],
  );
  const told = files.filter(({ format }) => format === 'text').map(({ file }) => file ?? printed);
  for (const sink of told) await sink.write(text.begin(stream.provenance));
  await writeReports(written, watched(stream, text));
  for (const sink of told) await sink.write(text.end(await stream.summary()));
  for (const { file } of files) await file?.end();
  return files.flatMap(({ file }) => file?.path ?? []);
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

/** A file that is written piece by piece. */
interface OpenFile extends TextSink {
  readonly path: string;
  end(): Promise<void>;
}

function open(path: string): OpenFile {
  const file = createWriteStream(path, { encoding: 'utf8' });
  const failed = once(file, 'error').then(([error]) => Promise.reject(error));
  failed.catch(() => undefined);
  return {
    path,
    async write(text) {
      if (!file.write(text)) await Promise.race([once(file, 'drain'), failed]);
    },
    async end() {
      file.end();
      await Promise.race([once(file, 'finish'), failed]);
    },
  };
}
