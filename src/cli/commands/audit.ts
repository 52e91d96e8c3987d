import { Command } from 'commander';
import type { AuditStream } from '../../monitor/domain/report/audit-report.ts';
import type { SecretAudit } from '../../monitor/domain/report/secret-audit.ts';
import { archiveAudit } from '../audit/archive-audit.ts';
import { AUDIT_OPTIONS, type AuditOptions, archivedFormats } from '../audit/audit-options.ts';
import { WRITING, writeAudit } from '../audit/audit-output.ts';
import { auditProgress } from '../audit/audit-progress.ts';
import { beginAudit } from '../audit/begin-audit.ts';
import { bucketOf } from '../audit/report-place.ts';
import { type Called, calling } from '../aws/calling.ts';
import { type ConnectionOptions, withConnection } from '../aws/connecting.ts';
import { auditMemoryFor, type DeploymentOptions, withDeployment } from '../aws/deployment.ts';
import { SWEEPING } from '../sweep/sweep-fault.ts';
import { Interrupted } from '../terminal/cli-error.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { instantOption, needing } from '../terminal/options.ts';
import { colorsFor, type Terminal } from '../terminal/output.ts';
import { formatsOf } from '../terminal/presentation.ts';
import { makeFolder } from '../terminal/whole-file.ts';
import { auditPushCommand } from './audit-push.ts';
import { auditVerifyCommand } from './audit-verify.ts';

const MORE_HELP = `
It reports on all secrets of an account and region over a period: rotations, windows, failures, ages and controls. Each
number says whether it was observed or inferred, or why it is unknown. It reads no secret value. History comes from the
deployed monitor; without one, most figures of the period are unknown.
The period is half-open and in UTC: --to is the first day that is not part of it. Without one it is the last 30 days.
Limits are those of the monitor's settings (ROTATION_MONITOR_MAX_AGE, ROTATION_MONITOR_RISK_ANALYSIS_FREQUENCY, …).

Examples:
  rotation-monitor audit --period 2026-Q1
  rotation-monitor audit --period 2026-03 --format html,csv,ocsf --output-directory audit
  rotation-monitor audit --from 2026-01-01 --to 2026-02-15 --json | jq .summary.totals
  rotation-monitor audit --period 2026-Q1 --sample 25 --seed 2026-Q1
  rotation-monitor audit --exceptions exceptions.json
  rotation-monitor audit --period 2026-Q1 --archive s3://example-audits/rotation

Exit codes:
  0  no control failed
  1  a control failed for some secret
  2  the secrets could not be listed
  3  the list broke off: the report names what it does not cover`;

/** `rotation-monitor audit`: the report of a period. */
export function auditCommand(terminal: Terminal): Command {
  const command = withDeployment(withConnection(new Command('audit')))
    .description('Report on the rotation of all secrets over a period. Nothing is changed.')
    .option('--no-color', 'write without colours, also on a terminal')
    .option('--now <instant>', 'judge as of this time', instantOption)
    .addHelpText('after', MORE_HELP)
    .enablePositionalOptions()
    .addCommand(auditPushCommand(terminal))
    .addCommand(auditVerifyCommand(terminal));
  for (const option of AUDIT_OPTIONS) command.addOption(option);
  return command.action((options: AuditOptions & ConnectionOptions & DeploymentOptions, self: Command) => {
    needing(self, 'sample', ['seed']);
    return audit(options, terminal);
  });
}

async function audit(
  options: AuditOptions & ConnectionOptions & DeploymentOptions,
  terminal: Terminal,
): Promise<void> {
  const progress = auditProgress(terminal);
  const write = writing(options, { ...terminal, stdout: progress.beside(terminal.stdout) });
  if (options.outputDirectory !== undefined) await makeFolder(options.outputDirectory, WRITING);
  const call = {
    options,
    terminal,
    ...SWEEPING,
    needs: [...SWEEPING.needs, ...archivingNeeds(options)],
    what: 'Cannot audit the secrets',
    command: 'rotation-monitor audit',
  };
  const audited = calling(call, async (called) => {
    const unlisted: unknown[] = [];
    const { audits: kept, notAsked } = await auditMemoryFor(called, options);
    if (notAsked !== undefined) terminal.stderr.write(`${notAsked}\n`);
    const stream = await beginAudit(called, options, {
      terminal,
      kept,
      onPage: progress.onPage,
      onUnlisted: (error) => void unlisted.push(error),
      onNoHub: ({ message, retryable }) =>
        void terminal.stderr.write(
          `Security Hub's own results are unknown${retryable ? ' for some secrets' : ''}: ${message}.\n`,
        ),
    });
    const { hasAlarm, watched } = await watching(stream, unlisted, interruptionOf(options, terminal));
    const written = await write(watched, called);
    progress.end();
    terminal.stdout.write(written.stdout);
    terminal.stderr.write(written.stderr);
    terminal.exitWith(unlisted.length > 0 ? EXIT.halfWay : hasAlarm() ? EXIT.found : EXIT.well);
  });
  await audited.finally(progress.end);
}

/** Returns a check that fails after Ctrl-C where files are written: no half of one is left then. */
function interruptionOf({ archive, outputDirectory }: AuditOptions, { interrupted }: Terminal): () => void {
  let isInterrupted = false;
  if (archive !== undefined || outputDirectory !== undefined)
    void interrupted().then(() => {
      isInterrupted = true;
    });
  return () => {
    if (isInterrupted) throw new Interrupted();
  };
}

/** Texts about a report that was written, for the end of the output. */
interface WrittenAudit {
  readonly stdout: string;
  readonly stderr: string;
}

/** Says where the report goes; formats that do not go there are refused before anything is read. */
function writing(
  options: AuditOptions,
  { stdout, environment }: Terminal,
): (stream: AuditStream, called: Called) => Promise<WrittenAudit> {
  const { archive, outputDirectory: folder } = options;
  if (archive !== undefined) {
    const sealed = archivedFormats(options);
    return async (stream, called) => ({
      stdout: await archiveAudit(stream, { place: archive, formats: sealed, called }),
      stderr: '',
    });
  }
  const formats = formatsOf(options, 'rotation-monitor audit');
  const colors = colorsFor(stdout, options.color === false ? { NO_COLOR: '1' } : environment);
  return async (stream) => {
    const files = await writeAudit(stream, { formats, folder, stdout, colors });
    return { stdout: '', stderr: files.length === 0 ? '' : `Written: ${files.join(', ')}\n` };
  };
}

const archivingNeeds = ({ archive = '' }: AuditOptions): readonly string[] =>
  bucketOf(archive) === undefined ? [] : ['s3:PutObject', 's3:GetObject', 's3:ListBucketVersions'];

/** Reads the first row before anything is written, so that a list that is denied is an error and no empty report. */
async function watching(
  stream: AuditStream,
  unlisted: readonly unknown[],
  checkInterrupted: () => void,
): Promise<{ readonly watched: AuditStream; readonly hasAlarm: () => boolean }> {
  const rows = stream.secrets[Symbol.asyncIterator]();
  let next = await rows.next();
  if (next.done === true && unlisted.length > 0) throw unlisted[0];
  let hasAlarm = false;
  async function* all(): AsyncGenerator<SecretAudit> {
    for (; next.done !== true; next = await rows.next()) {
      checkInterrupted();
      hasAlarm ||= next.value.controls.some(({ status }) => status === 'alarm');
      yield next.value;
    }
  }
  return { watched: { ...stream, secrets: all() }, hasAlarm: () => hasAlarm };
}
