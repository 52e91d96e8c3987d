import { Command } from 'commander';
import type { PushResult } from '../../monitor/application/report/push-findings.ts';
import type { composePushing } from '../../monitor/compose/operator/compose-pushing.ts';
import type { AuditStream } from '../../monitor/domain/report/audit-report.ts';
import { AUDIT_OPTIONS, type AuditOptions } from '../audit/audit-options.ts';
import { auditProgress } from '../audit/audit-progress.ts';
import { beginAudit } from '../audit/begin-audit.ts';
import { pushJson, pushText } from '../audit/push-output.ts';
import { awsFault } from '../aws/aws-fault.ts';
import { type Called, calling } from '../aws/calling.ts';
import { type ConnectionOptions, withConnection } from '../aws/connecting.ts';
import { auditMemoryFor, type DeploymentOptions, withDeployment } from '../aws/deployment.ts';
import { SWEEPING } from '../sweep/sweep-fault.ts';
import type { CliError } from '../terminal/cli-error.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { instantOption } from '../terminal/options.ts';
import type { Terminal } from '../terminal/output.ts';
import { type PresentationOptions, presentation, withPresentation } from '../terminal/presentation.ts';

interface PushOptions
  extends ConnectionOptions,
    DeploymentOptions,
    PresentationOptions,
    Pick<AuditOptions, 'period' | 'from' | 'to' | 'exceptions' | 'now'> {
  readonly dryRun?: true;
}

const MORE_HELP = `
It audits all secrets of an account and region and imports each verdict as a finding of Security Hub, with the default
product of the account. The credentials have to be of the account. A finding is archived only when its secret is deleted
or its control does not apply; what this audit could not see stays as it is. The workflow of findings is never touched.
History comes from the deployed monitor, as for audit.

Examples:
  rotation-monitor audit push security-hub --period 2026-Q1 --dry-run
  rotation-monitor audit push security-hub --region eu-west-1 --json | jq .failed

Exit codes:
  0  everything was taken
  2  the secrets or Security Hub could not be read, and nothing was sent
  3  it ended before its time, some findings were refused, or some secrets could not be listed`;

/** Options of an audit that a push has, too. */
const SHARED: readonly string[] = ['period', 'from', 'to', 'exceptions'];

/** `rotation-monitor audit push security-hub`: imports the verdicts of an audit as findings. */
export function auditPushCommand(terminal: Terminal): Command {
  const hub = withPresentation(withDeployment(withConnection(new Command('security-hub'))))
    .description('Import the verdicts of an audit into Security Hub.')
    .option('--dry-run', 'say what would be sent, and send nothing')
    .option('--now <instant>', 'judge as of this time', instantOption)
    .addHelpText('after', MORE_HELP)
    .action((options: PushOptions) => push(options, terminal));
  for (const option of AUDIT_OPTIONS) if (SHARED.includes(option.attributeName())) hub.addOption(option);
  return new Command('push').description('Send the verdicts of an audit elsewhere.').addCommand(hub);
}

const PUSHING = {
  what: 'Cannot push an audit',
  needs: [...SWEEPING.needs, 'securityhub:GetFindings', 'securityhub:BatchImportFindings'],
  command: 'rotation-monitor audit push security-hub',
};

async function push(options: PushOptions, terminal: Terminal): Promise<void> {
  const progress = auditProgress(terminal);
  let isInterrupted = false;
  void terminal.interrupted().then(() => {
    isInterrupted = true;
  });
  const pushing = calling({ options, terminal, ...PUSHING }, async (called) => {
    const isDryRun = options.dryRun === true;
    const unlisted: unknown[] = [];
    const onUnlisted = (error: unknown): void => void unlisted.push(error);
    const { json: _json, format: _format, dryRun: _dryRun, ...audit } = options;
    const { audits: kept, notAsked } = await auditMemoryFor(called, options);
    if (notAsked !== undefined) terminal.stderr.write(`${notAsked}\n`);
    const { onPage, onKnown } = progress;
    const stream = await beginAudit(called, audit, { terminal, kept, onPage, onUnlisted });
    const by = { clock: terminal.clock, isDryRun, isInterrupted: () => isInterrupted, onKnown };
    const result = await pushed(called, stream, by);
    progress.end();
    checkNotEmpty(result, unlisted, called);
    terminal.exitWith(isWhole(result) && unlisted.length === 0 ? EXIT.well : EXIT.halfWay);
    const { isJson, columns } = presentation(options, terminal);
    terminal.stdout.write(isJson ? `${pushJson(result, isDryRun)}\n` : pushText(result, isDryRun, columns));
  });
  await pushing.finally(progress.end);
}

async function pushed(
  { connected }: Called,
  stream: AuditStream,
  by: Parameters<typeof composePushing>[1],
): Promise<PushResult> {
  const [{ composePushing: compose }, { pushFindings }] = await Promise.all([
    import('../../monitor/compose/operator/compose-pushing.ts'),
    import('../../monitor/application/report/push-findings.ts'),
  ]);
  return pushFindings(compose(connected, by), stream);
}

const isWhole = ({ unreached, failed, brokeOff }: PushResult): boolean =>
  unreached.length + failed.length === 0 && brokeOff === undefined;

/** Fails with the first error, where nothing was sent because of it. */
function checkNotEmpty(result: PushResult, unlisted: readonly unknown[], called: Called): void {
  const { created, updated, archived, failed, unreached, brokeOff } = result;
  if (created + updated + archived.length + failed.length > 0) return;
  if (unlisted.length > 0) throw unlisted[0];
  if (brokeOff instanceof Error) throw brokeOff;
  const [unread] = unreached;
  if (unread !== undefined) throw notReached(unread, called);
}

function notReached({ target, error }: PushResult['unreached'][number], { place }: Called): CliError {
  const what = `Cannot push an audit into Security Hub of ${target.account} ${target.region}`;
  return awsFault(error, { ...PUSHING, what, place, needs: ['securityhub:GetFindings'] });
}
