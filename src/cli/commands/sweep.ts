import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { Instant } from '../../calendar/instant.ts';
import { atLeast, type Severity } from '../../monitor/domain/finding/finding.ts';
import { calling } from '../aws/calling.ts';
import { type ConnectionOptions, withConnection } from '../aws/connecting.ts';
import { look } from '../sweep/look.ts';
import { sweepProgress } from '../sweep/progress.ts';
import { SWEEPING } from '../sweep/sweep-fault.ts';
import { sweepJson } from '../sweep/sweep-json.ts';
import type { SweepResult } from '../sweep/sweep-result.ts';
import { sweepText } from '../sweep/sweep-text.ts';
import { clocksOf } from '../terminal/clocks-of.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { type FailOn, failOnOption, instantOption } from '../terminal/options.ts';
import { colorsFor, type Terminal } from '../terminal/output.ts';
import { type FormatsOptions, formatsOf, formatsOption, presentation } from '../terminal/presentation.ts';
import { makeFolder, writeWhole } from '../terminal/whole-file.ts';

const FORMATS = ['text', 'json'] as const;

interface SweepOptions extends ConnectionOptions, FormatsOptions<(typeof FORMATS)[number]> {
  /** False where `--no-color` was given. */
  readonly color?: boolean;
  readonly now?: Instant;
  readonly audit?: true;
  readonly failOn: FailOn;
}

const MORE_HELP = `
It calls ListSecrets, and DescribeSecret and ListSecretVersionIds for what looks wrong; it reads no secret value.
Where it is permitted it looks at the rotation functions behind that (no code, no environment, no logs) and at what
changed before, in Lambda, CloudWatch and CloudTrail; settings switch both off.
With --audit it also asks about replicas, requests for AWSPREVIOUS and ages, at most four calls more for each secret,
and lists what audits ask for; that never changes the exit code.
A secret that cannot be looked at, and that the list shows to be stuck, counts, and is marked as unconfirmed.
Thresholds are those of the monitor's settings (ROTATION_MONITOR_STUCK_AFTER, …) and of each secret's tags.
Credentials, region and endpoint come from where the AWS CLI takes them, unless options name them.

Examples:
  rotation-monitor sweep --region eu-west-1 --profile audit
  rotation-monitor sweep --json | jq '.findings[] | [.severity, .secretName, .code]'
  rotation-monitor sweep --fail-on HIGH && echo nothing grave
  rotation-monitor sweep --audit --json | jq -r '.audit[] | [.code, .secretName] | @tsv'
  rotation-monitor sweep --format text,json --output-directory sweeps
  rotation-monitor sweep --endpoint-url http://127.0.0.1:4599 --now 2026-12-01T00:00:00Z

Exit codes:
  0  no finding at or above the severity of --fail-on
  1  there are such findings
  2  the secrets could not be checked`;

/** `rotation-monitor sweep`: looks at all secrets of one account and region once; stores nothing, sends nothing. */
export const sweepCommand = (terminal: Terminal): Command =>
  withConnection(new Command('sweep'))
    .description('Check all secrets of an account and region once; nothing is stored, nothing is sent.')
    .option('--now <instant>', 'judge as of this time', instantOption)
    .option('--audit', 'run more checks and list what only audits report, such as secrets without rotation')
    .option(
      '--fail-on <severity>',
      'exit with 1 for findings of this severity or higher; none: never',
      failOnOption,
      'LOW',
    )
    .addOption(
      new Option('--format <formats>', 'how to write the result; both, with a comma, with --output-directory')
        .choices(FORMATS)
        .argParser(formatsOption(FORMATS)),
    )
    .addOption(
      new Option('--json', 'the same as --format json: one JSON object and nothing else').conflicts('format'),
    )
    .option('--output-directory <folder>', 'write one file for each format there')
    .option('--no-color', 'write without colours, also on a terminal')
    .addHelpText('after', MORE_HELP)
    .action((options: SweepOptions) => sweep(options, terminal));

const WRITING = {
  what: 'Cannot write the sweep',
  example: 'rotation-monitor sweep --output-directory ./sweeps',
};

async function sweep(options: SweepOptions, terminal: Terminal): Promise<void> {
  const { stdout, stderr, environment } = terminal;
  const formats = formatsOf(options, 'rotation-monitor sweep');
  const { outputDirectory: folder } = options;
  if (folder !== undefined) await makeFolder(folder, WRITING);
  await calling({ options, terminal, ...SWEEPING }, async ({ connected, place }) => {
    const { composeDrySweep } = await import('../../monitor/compose/operator/compose-dry-sweep.ts');
    const ready = composeDrySweep(connected, environment, clocksOf(terminal, options.now));
    const startedAt = ready.wallClock.now();
    const elapsedMs = () => ready.wallClock.now() - startedAt;
    const isAudit = options.audit === true;
    const result = await look(ready, { place, progress: sweepProgress(stderr, elapsedMs), isAudit });
    const isWrong = result.findings.some(({ severity }) => fails(severity, options.failOn));
    terminal.exitWith(isWrong ? EXIT.found : EXIT.well);
    const { colors } = presentation({ color: options.color !== false }, terminal);
    const frame = { elapsedMs: elapsedMs(), colors, columns: stdout.columns };
    if (folder === undefined) return stdout.write(written(result, formats[0], frame));
    const files = formats.map(
      (format) => [format, join(folder, `sweep-${result.region}.${ENDINGS[format]}`)] as const,
    );
    const plain = { ...frame, colors: colorsFor(stdout, { NO_COLOR: '1' }) };
    for (const [format, file] of files) await writeWhole(file, written(result, format, plain));
    stderr.write(`Written: ${files.map(([, file]) => file).join(', ')}\n`);
  });
}

const ENDINGS = { text: 'txt', json: 'json' } as const;

const written = (
  result: SweepResult,
  format: (typeof FORMATS)[number] | undefined,
  frame: Parameters<typeof sweepText>[1],
): string => (format === 'json' ? `${sweepJson(result)}\n` : sweepText(result, frame));

const fails = (severity: Severity, failOn: FailOn): boolean => failOn !== 'NONE' && atLeast(severity, failOn);
