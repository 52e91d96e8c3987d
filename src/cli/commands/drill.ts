import { Command, Option } from 'commander';
import { plural } from '../../calendar/plural.ts';
import { runDrill } from '../../proving/drill/run-drill.ts';
import type { RunOutput } from '../../proving/drill/run-output.ts';
import type { StoryItem } from '../../proving/drill/story.ts';
import { scenarioNamed } from '../../proving/scenario/read-scenario.ts';
import type { Scenario } from '../../proving/scenario/scenario.ts';
import { briefStory } from '../drill/brief-story.ts';
import { drillProgress } from '../drill/drill-progress.ts';
import { storyText } from '../drill/story-text.ts';
import { summaryText } from '../drill/summary-text.ts';
import { daysOption, seedOption } from '../terminal/options.ts';
import { printableJson, type Terminal } from '../terminal/output.ts';
import { type PresentationOptions, presentation, withPresentation } from '../terminal/presentation.ts';
import { wrapped } from '../terminal/wrap.ts';

interface DrillOptions extends PresentationOptions {
  readonly scenario?: string;
  readonly days?: number;
  readonly seed?: number;
  readonly dropEvents?: true;
  readonly verbose?: true;
}

const MORE_HELP = `
The monitor runs in a simulated AWS on this machine: no account, no credentials, no network.
The first alert is shown in full, later ones by their first three lines; repeats are counted at the end.
Everything that was sent is compared with what really happened; the verdicts are at the end.
docs/scenarios.md describes the scenario file and what --json prints.

Examples:
  rotation-monitor drill                              forty days of a small account, in under a minute
  rotation-monitor drill --drop-events                the same without any event
  rotation-monitor drill --verbose                    every rotation, every message in full, every call
  rotation-monitor drill --json | jq '.verdicts[] | select(.ok | not)'
  rotation-monitor drill --scenario ./scenario.json --days 7 --seed 42

Exit codes:
  0  all verdicts are ok
  1  an alert was missing, late or wrong
  2  the drill could not run, for example because the scenario file has faults`;

/** \`rotation-monitor drill\`: plays a scenario with the whole product on an embedded AWS, and judges its alerts. */
export const drillCommand = (terminal: Terminal): Command =>
  withPresentation(new Command('drill'))
    .description('See the complete monitor at work on a simulated AWS; no account needed.')
    .addOption(
      new Option(
        '--verbose',
        'show every rotation, every message in full, every call and every verdict',
      ).conflicts('json'),
    )
    .option('--scenario <file>', 'the scenario to play (JSON), instead of the built-in one')
    .option('--days <n>', 'how many days to play, instead of those in the scenario', daysOption)
    .option('--seed <n>', 'the seed of all random choices, instead of the one in the scenario', seedOption)
    .option('--drop-events', 'make EventBridge lose every event of AWS')
    .addHelpText('after', MORE_HELP)
    .action((options: DrillOptions) => drill(options, terminal));

async function drill(options: DrillOptions, terminal: Terminal): Promise<void> {
  const { stdout } = terminal;
  const scenario = await scenarioOf(options);
  const { isJson, colors, columns } = presentation(options, terminal);
  if (isJson) {
    const { output } = await runDrill(scenario);
    terminal.exitWith(exitCodeOf(output));
    stdout.write(`${printableJson(output)}\n`);
    return;
  }
  const verbose = options.verbose !== undefined;
  const progress = drillProgress(terminal.stderr, scenario);
  const write = (text: string): void => progress.pause(() => stdout.write(text));
  write(headline(scenario, columns));
  const tell = verbose
    ? (item: StoryItem) => write(storyText(item, colors))
    : briefStory({ colors, columns, write });
  const result = await runDrill(scenario, tell, progress.onHour);
  progress.end();
  terminal.exitWith(exitCodeOf(result.output));
  stdout.write(summaryText(result, { colors, columns, verbose }));
  if (!verbose) stdout.write(NEXT);
}

/** Returns the announcement of a drill, printed before it starts. */
const headline = ({ name, secrets, days }: Scenario, columns: number): string =>
  `${wrapped(
    `"${name}": ${plural(secrets.length, 'secret')} of a simulated AWS account for ${plural(days, 'day')} (UTC), the e-mails of the monitor, and what people do about them. Nothing leaves this machine.`,
    columns,
  ).join('\n')}\n\n`;

const NEXT = `
Where to go next
  rotation-monitor drill --verbose              every rotation, message and call
  rotation-monitor dashboards preview           the dashboards of such a run
  rotation-monitor simulate --scenario default  type the commands of its alerts
  rotation-monitor sweep                        your own account, read only
From the sources it is npx tsx src/cli/main.ts; README.md says how to deploy it.
`;

const exitCodeOf = ({ verdicts }: RunOutput): number => (verdicts.every(({ ok }) => ok) ? 0 : 1);

async function scenarioOf({ scenario: file, days, seed, dropEvents }: DrillOptions): Promise<Scenario> {
  const read = await scenarioNamed(file ?? 'default');
  return {
    ...read,
    ...(days !== undefined && { days }),
    ...(seed !== undefined && { seed }),
    ...(dropEvents === true && { faults: { ...read.faults, drop: 1 } }),
  };
}
