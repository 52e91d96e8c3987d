import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { ReplayStep } from '../../monitor/application/operate/replay-events.ts';
import { replayJson } from '../replay/replay-json.ts';
import { replayText } from '../replay/replay-text.ts';
import { CliError } from '../terminal/cli-error.ts';
import { EXIT } from '../terminal/exit-code.ts';
import type { Terminal } from '../terminal/output.ts';
import { type PresentationOptions, presentation, withPresentation } from '../terminal/presentation.ts';

interface ReplayOptions extends PresentationOptions {
  readonly verbose?: true;
}

const MORE_HELP = `
The file holds EventBridge envelopes (one, a list, or a line each), a log file of CloudTrail, or what
aws cloudtrail lookup-events prints. They go through the parsing and judging of the monitor in the order of their
times, and deadlines are followed until a day after the last one. Nothing is called, stored or sent.
Thresholds are those of the monitor's settings (ROTATION_MONITOR_STUCK_AFTER, …).

Examples:
  rotation-monitor replay events.json
  rotation-monitor replay events.json --verbose
  rotation-monitor replay events.json --json | jq '.steps[].said.code | values'

Exit codes:
  0  the monitor would have sent nothing
  1  it would have sent a message
  2  the file could not be read`;

/** `rotation-monitor replay`: what the monitor makes of recorded events. */
export const replayCommand = (terminal: Terminal): Command =>
  withPresentation(new Command('replay'))
    .description('Play recorded events through parsing and judging; nothing is called, stored or sent.')
    .argument('<file>', 'the recorded events (JSON)')
    .option('--verbose', 'show each message in full')
    .addHelpText('after', MORE_HELP)
    .action((file: string, options: ReplayOptions) => replay(file, options, terminal));

async function replay(file: string, options: ReplayOptions, terminal: Terminal): Promise<void> {
  const { stdout, environment } = terminal;
  const text = await readFile(file, 'utf8');
  // Loaded here, so that `--help` does not wait for the AWS SDK.
  const { composeReplay } = await import('../../monitor/compose/operator/compose-replay.ts');
  const replay = composeReplay(text, environment);
  if (replay === undefined) throw notJson(file);
  const steps: ReplayStep[] = [];
  for await (const step of replay.steps) steps.push(step);
  terminal.exitWith(steps.some(({ kind }) => kind === 'said') ? EXIT.found : EXIT.well);
  const replayed = { parsed: replay.parsed, steps };
  const { isJson, colors } = presentation(options, terminal);
  const frame = { colors, verbose: options.verbose === true };
  stdout.write(isJson ? `${replayJson(replayed)}\n` : replayText(replayed, frame));
}

const notJson = (file: string): CliError =>
  new CliError({
    what: `Cannot read the events in "${file}"`,
    details: ['The file holds neither JSON nor a line of JSON for each event.'],
    solve: ['Name a file with EventBridge envelopes, or with what CloudTrail recorded.'],
    example:
      'aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventSource,AttributeValue=secretsmanager.amazonaws.com > events.json',
  });
