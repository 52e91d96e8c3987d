import { plural } from '../../calendar/plural.ts';
import { archiveReport, isLaterThan, lastManifest } from '../../monitor/application/report/archive-report.ts';
import type { AuditStream } from '../../monitor/domain/report/audit-report.ts';
import type { ReportFormat } from '../../monitor/domain/report-format/write-report.ts';
import type { Called } from '../aws/calling.ts';
import { CliError } from '../terminal/cli-error.ts';
import { reportStoreAt, unusable } from './report-place.ts';

interface ArchivingAudit {
  /** A directory, or an address such as `s3://example-audits/rotation`. */
  readonly place: string;
  readonly formats: readonly ReportFormat[];
  readonly called: Called;
}

/** Stores a report and the manifest that links it to the audit before; returns what to note elsewhere. */
export async function archiveAudit(
  stream: AuditStream,
  { place, formats, called }: ArchivingAudit,
): Promise<string> {
  const failed = unusable(place, {
    what: 'Cannot archive the audit',
    example: 'rotation-monitor audit --archive ./audits',
  });
  const store = await reportStoreAt(place, called);
  const previous = await lastManifest(store).catch(failed);
  if (!isLaterThan(previous, stream.provenance.readAt)) throw tooEarly(place);
  const { files, manifest } = await archiveReport({ store, formats, previous }, stream).catch(failed);
  const names = [...files, manifest].map(({ key }) => `  ${key}`);
  const verify = `rotation-monitor audit verify ${place} --head ${manifest.sha256}`;
  return [
    `${plural(files.length, 'file')} and a manifest were stored in ${place}:`,
    ...names,
    previous === undefined ? 'It is the first of a chain.' : `It follows ${previous.key}.`,
    'Note this command elsewhere: it proves later that nothing was changed.',
    `  ${verify}`,
    '',
  ].join('\n');
}

const tooEarly = (place: string): CliError =>
  new CliError({
    what: `Cannot add the audit to the chain in ${place}`,
    details: ['The last audit of the chain was read at this moment or later.'],
    solve: ['Run it again in a moment, without --now.'],
    example: `rotation-monitor audit verify ${place}`,
  });
