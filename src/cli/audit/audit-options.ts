import { Option } from 'commander';
import { DAY, type Instant, instant, later } from '../../calendar/instant.ts';
import type { AuditPeriod } from '../../monitor/domain/report/audit-report.ts';
import { parseBound, parsePeriod, periodBetween } from '../../monitor/domain/report/compute/period.ts';
import { REPORT_FORMATS, type ReportFormat } from '../../monitor/domain/report-format/write-report.ts';
import { CliError } from '../terminal/cli-error.ts';
import { reading } from '../terminal/options.ts';
import { formatsOption } from '../terminal/presentation.ts';

/** The options that say what an audit is about and where it is written. */
export interface AuditOptions {
  readonly period?: AuditPeriod;
  readonly from?: Instant;
  readonly to?: Instant;
  readonly sample?: number;
  readonly seed?: string;
  readonly format?: readonly AuditFormat[];
  readonly json?: true;
  readonly outputDirectory?: string;
  readonly archive?: string;
  readonly exceptions?: string;
  readonly now?: Instant;
  /** False where `--no-color` was given. */
  readonly color?: boolean;
}

/** A format of a report, or the summary for people. */
export type AuditFormat = ReportFormat | 'text';

/** Length of the period of an audit that names none. */
const USUAL_MS: number = 30 * DAY;

const FORMATS: readonly AuditFormat[] = ['text', ...(Object.keys(REPORT_FORMATS) as ReportFormat[])];

const periodOption = reading('a period such as 2026, 2026-Q1 or 2026-03', parsePeriod);
const boundOption = reading('a day such as 2026-01-31, or a time with a zone', parseBound);
const sampleOption = reading('a number of secrets from 1 to 10000', (text) => {
  const size = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return size >= 1 && size <= 10_000 ? size : undefined;
});

/** The options of the period, the sample and the output. */
export const AUDIT_OPTIONS: readonly Option[] = [
  new Option('--period <period>', 'the year, quarter or month to report on, in UTC')
    .argParser(periodOption)
    .conflicts(['from', 'to']),
  new Option('--from <day>', 'the beginning of the period').argParser(boundOption),
  new Option('--to <day>', 'the end of the period, not part of it').argParser(boundOption),
  new Option('--sample <number>', 'show so many secrets, drawn by the seed').argParser(sampleOption),
  new Option('--seed <text>', 'the seed of the sample; the same seed draws the same secrets'),
  new Option('--format <formats>', 'how to write the report; several, with commas, with --output-directory')
    .choices(FORMATS)
    .argParser(formatsOption(FORMATS)),
  new Option('--json', 'the same as --format json: one JSON object and nothing else').conflicts('format'),
  new Option('--output-directory <folder>', 'write one file for each format there'),
  new Option(
    '--archive <store>',
    'seal the formats in the chain of this directory or s3:// address',
  ).conflicts('outputDirectory'),
  new Option('--exceptions <file>', 'exceptions that were reviewed like code (YAML or JSON)'),
];

/** The period that options name: 30 days until now where they name none; half of one is completed so. */
export function periodOf({ period, from, to }: AuditOptions, now: Instant): AuditPeriod {
  if (period !== undefined) return period;
  const end = to ?? now;
  const begin = from ?? later(end, -USUAL_MS);
  const between = periodBetween(begin, end);
  if (between !== undefined) return between;
  throw new CliError({
    what: 'Cannot audit an empty period',
    details: [
      `It would begin at ${new Date(instant(begin)).toISOString()} and end at ${new Date(end).toISOString()}.`,
    ],
    solve: ['Let --from name an earlier day than --to. The day of --to is not part of the period.'],
    example: 'rotation-monitor audit --from 2026-01-01 --to 2026-04-01',
  });
}

/** Formats of an archived report that names none. */
const ARCHIVED: readonly ReportFormat[] = ['html', 'csv', 'json'];

/** The formats that an archive gets; the summary for people is none of them. */
export function archivedFormats({ format, json }: AuditOptions): readonly ReportFormat[] {
  const formats = json === true ? (['json'] as const) : (format ?? ARCHIVED);
  const sealed = formats.filter((each) => each !== 'text');
  if (sealed.length === formats.length) return sealed;
  throw new CliError({
    what: 'Cannot archive the format text',
    details: ['It is a summary for the terminal.'],
    solve: ['Name other formats with --format, or none.'],
    example: `rotation-monitor audit --archive ./audits --format ${ARCHIVED.join(',')}`,
  });
}
