import { Command } from 'commander';
import { runDrill } from '../../proving/drill/run-drill.ts';
import type { Scenario } from '../../proving/scenario/scenario.ts';
import { storyText } from '../drill/story-text.ts';
import { summaryText } from '../drill/summary-text.ts';
import { scenarioNamed } from '../simulate/scenario-named.ts';
import { daysOption, seedOption } from '../terminal/options.ts';
import { colorsFor, type Terminal } from '../terminal/output.ts';

interface DrillOptions {
  readonly json?: true;
  readonly scenario?: string;
  readonly days?: number;
  readonly seed?: number;
  readonly dropEvents?: true;
}

const MORE_HELP = `
The monitor runs in a simulated AWS on this machine: no account, no credentials, no network.
Everything that was told is compared with what truly happened; the verdicts stand at the end.
docs/scenarios.md describes the scenario file and what --json prints.

Examples:
  rotation-monitor drill                              forty days of a small account, in under a minute
  rotation-monitor drill --drop-events                the same when no event ever arrives
  rotation-monitor drill --json | jq '.verdicts[] | select(.ok | not)'
  rotation-monitor drill --scenario ./scenario.json --days 7 --seed 42

Exit codes:
  0  all verdicts are ok
  1  something was not told, told too late, or told though it was not true
  2  the drill could not run, such as with faults in the scenario file`;

/** \`rotation-monitor drill\`: plays a scenario with the whole product on an embedded AWS, and judges what was told. */
export const drillCommand = (terminal: Terminal): Command =>
  new Command('drill')
    .description('See the whole product at work on a simulated AWS; no account needed.')
    .option('--json', 'print one JSON object and nothing else')
    .option('--scenario <file>', 'the story to play (JSON), in place of the one that comes with the program')
    .option('--days <n>', 'how many days to play, in place of those of the scenario', daysOption)
    .option('--seed <n>', 'what decides all chance, in place of the seed of the scenario', seedOption)
    .option('--drop-events', 'let EventBridge lose every event of AWS')
    .addHelpText('after', MORE_HELP)
    .action((options: DrillOptions) => drill(options, terminal));

async function drill(options: DrillOptions, terminal: Terminal): Promise<void> {
  const { stdout, environment } = terminal;
  const colors = colorsFor(stdout, environment);
  const scenario = await scenarioOf(options);
  const isTold = options.json === undefined;
  const result = await runDrill(scenario, (item) => {
    if (isTold) stdout.write(storyText(item, colors));
  });
  terminal.exitWith(result.output.verdicts.every(({ ok }) => ok) ? 0 : 1);
  stdout.write(isTold ? summaryText(result, colors) : `${JSON.stringify(result.output, null, 2)}\n`);
}

async function scenarioOf({ scenario: file, days, seed, dropEvents }: DrillOptions): Promise<Scenario> {
  const read = await scenarioNamed(file ?? 'default');
  return {
    ...read,
    ...(days !== undefined && { days }),
    ...(seed !== undefined && { seed }),
    ...(dropEvents === true && { faults: { ...read.faults, drop: 1 } }),
  };
}
