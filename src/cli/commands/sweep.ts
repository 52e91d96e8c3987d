import { Command } from 'commander';
import { atLeast, type Severity } from '../../monitor/domain/finding/finding.ts';
import { type ConnectionOptions, connecting } from '../sweep/connection.ts';
import { look } from '../sweep/look.ts';
import { sweepProgress } from '../sweep/progress.ts';
import { notReady } from '../sweep/sweep-fault.ts';
import { sweepJson } from '../sweep/sweep-json.ts';
import { sweepText } from '../sweep/sweep-text.ts';
import { type FailOn, failOnOption, instantOption, regionOption, urlOption } from '../terminal/options.ts';
import { colorsFor, type Terminal } from '../terminal/output.ts';

interface SweepOptions extends ConnectionOptions {
  readonly json?: true;
  readonly audit?: true;
  readonly failOn: FailOn;
}

const MORE_HELP = `
It calls ListSecrets, and DescribeSecret and ListSecretVersionIds for what looks wrong; it reads no secret value.
Where it is permitted it looks at the rotation functions behind that (no code, no environment, no logs) and at what
changed before, in Lambda, CloudWatch and CloudTrail; settings switch both off.
With --audit it also asks about replicas, requests for AWSPREVIOUS and ages, at most four calls more for each secret,
and lists what audits ask for; that never changes the exit code.
Thresholds are those of the monitor's settings (ROTATION_MONITOR_STUCK_AFTER, …) and of each secret's tags.
Credentials, region and endpoint come from where the AWS CLI takes them, unless options name them.

Examples:
  rotation-monitor sweep --region eu-west-1 --profile audit
  rotation-monitor sweep --json | jq '.findings[] | [.severity, .secretName, .code]'
  rotation-monitor sweep --fail-on HIGH && echo nothing grave
  rotation-monitor sweep --audit --json | jq -r '.audit[] | [.code, .secretName] | @tsv'
  rotation-monitor sweep --endpoint-url http://127.0.0.1:4599 --now 2026-12-01T00:00:00Z

Exit codes:
  0  no finding at or above the severity of --fail-on
  1  there are such findings
  2  the secrets could not be looked at`;

/** `rotation-monitor sweep`: looks at all secrets of one account and region once; stores nothing, sends nothing. */
export const sweepCommand = (terminal: Terminal): Command =>
  new Command('sweep')
    .description('Look once at all secrets of an account and region; nothing is stored, nothing is sent.')
    .option('--endpoint-url <url>', 'where AWS is spoken, such as the simulator or moto', urlOption)
    .option('--region <region>', 'the region to look at', regionOption)
    .option('--profile <profile>', 'the profile of the AWS configuration to look with')
    .option('--now <instant>', 'judge as if it were this time', instantOption)
    .option('--audit', 'look closer, and list what only audits ask for, such as secrets without rotation')
    .option('--json', 'print one JSON object and nothing else')
    .option('--fail-on <severity>', 'exit with 1 from this severity on; none: never', failOnOption, 'LOW')
    .addHelpText('after', MORE_HELP)
    .action((options: SweepOptions) => sweep(options, terminal));

async function sweep(options: SweepOptions, terminal: Terminal): Promise<void> {
  const { stdout, stderr, environment } = terminal;
  const { connection, place } = connecting(options, environment);
  // Loaded here, so that `--help` does not wait for the AWS SDK.
  const { composeDrySweep } = await import('../../monitor/compose/compose-dry-sweep.ts');
  const composed = await composeDrySweep(connection, environment);
  if (composed.kind !== 'ready') throw notReady(composed, place);
  const { wallClock, region } = composed;
  const startedAt = wallClock.now();
  const elapsedMs = () => wallClock.now() - startedAt;
  const isAudit = options.audit === true;
  const progress = sweepProgress(stderr, elapsedMs);
  const result = await look(composed, { place: { ...place, region }, progress, isAudit });
  terminal.exitWith(result.findings.some(({ severity }) => fails(severity, options.failOn)) ? 1 : 0);
  const frame = { elapsedMs: elapsedMs(), colors: colorsFor(stdout, environment), columns: stdout.columns };
  stdout.write(options.json ? `${sweepJson(result)}\n` : sweepText(result, frame));
}

const fails = (severity: Severity, failOn: FailOn): boolean => failOn !== 'NONE' && atLeast(severity, failOn);
