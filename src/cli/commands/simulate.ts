import { Command } from 'commander';
import { formatDuration } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import { storyText } from '../drill/story-text.ts';
import { mailFolder } from '../simulate/mail-folder.ts';
import type { PlayRequest } from '../simulate/play-scenario.ts';
import { simulateText } from '../simulate/simulate-text.ts';
import {
  type FunctionAddress,
  functionOption,
  isoDurationOption,
  needing,
  portOption,
} from '../terminal/options.ts';
import { colorsFor, printable, type Terminal } from '../terminal/output.ts';

interface SimulateOptions {
  readonly port: number;
  readonly host: string;
  readonly scenario?: string;
  readonly until?: number;
  readonly inbox?: string;
  readonly rotationFunction?: readonly FunctionAddress[];
}

const MORE_HELP = `
Secrets Manager with rotation, EventBridge, SQS, SNS, CloudWatch, STS, Lambda invocations and DynamoDB, all on one
port, for the AWS CLI and every SDK. Nothing is kept once it ends.

With a scenario the monitor is deployed in it, and the scenario has happened already: it is played as fast as it goes,
shifted by whole days so that it ended today, and on until now. What it says an operator does by the advice of the
e-mails is left to you: read them here, type what they say, and see the end told. Settings of the monitor
(ROTATION_MONITOR_STUCK_AFTER, …) take effect; those that its template decides are named.

With --rotation-function a function of your own rotates secrets, in whatever language: start its container or the
emulator, and give the function the endpoint and, as its access key id, its name.

Examples:
  rotation-monitor simulate --port 4599
  rotation-monitor simulate --port 4599 --scenario default --inbox ./inbox    forty days of a small account, then you
  rotation-monitor simulate --port 4599 --scenario default --until P14DT6H    only as far as there
  rotation-monitor simulate --port 0 --scenario ./scenario.json
  rotation-monitor simulate --port 4599 --rotation-function rotate-orders=http://127.0.0.1:9000

Exit codes:
  0  ended by Ctrl-C or SIGTERM
  2  it could not start: the port is taken, or the scenario has faults`;

/** `rotation-monitor simulate`: the simulator in real time, empty or after a scenario, until it is interrupted. */
export const simulateCommand = (terminal: Terminal): Command =>
  new Command('simulate')
    .description('Run the simulated AWS by itself, in real time, until interrupted.')
    .requiredOption('--port <port>', 'where to listen; 0 for any free port', portOption)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--scenario <file>', 'play a scenario with the monitor first; default: the one of the drill')
    .option('--until <duration>', 'how much of its timeline to play, such as P14DT6H', isoDurationOption)
    .option(
      '--rotation-function <name=url>',
      'rotate with a function behind the Lambda Runtime Interface Emulator; may be repeated',
      functionOption,
    )
    .option('--inbox <folder>', 'write each e-mail of the monitor into a file there')
    .addHelpText('after', MORE_HELP)
    .action((options: SimulateOptions, command: Command) => {
      needing(command, 'scenario', ['until', 'inbox']);
      return simulate(options, terminal);
    });

async function simulate(options: SimulateOptions, terminal: Terminal): Promise<void> {
  // Loaded here, so that other commands do not wait for the simulator.
  const { startSimulator } = await import('../simulate/start-simulator.ts');
  const play = options.scenario === undefined ? undefined : await playOf(options, options.scenario, terminal);
  const { port, host, rotationFunction: remote = [] } = options;
  const running = await startSimulator({ port, host, play, remote });
  terminal.stdout.write(simulateText(running));
  await terminal.interrupted();
  await running.stop();
  terminal.stderr.write('Stopped.\n');
}

/** The story is printed as by a drill; it goes on being printed. */
async function playOf(
  { until: untilMs, inbox }: SimulateOptions,
  name: string,
  { stdout, stderr, environment }: Terminal,
): Promise<PlayRequest> {
  const [{ scenarioNamed }, { decidedByTemplate }] = await Promise.all([
    import('../../proving/scenario/read-scenario.ts'),
    import('../simulate/play-scenario.ts'),
  ]);
  const scenario = await scenarioNamed(name);
  const lose = ({ message }: Error): void =>
    stderr.write(`Cannot keep all e-mails in "${inbox}": ${printable(message)}. They are shown here.\n`);
  const folder = inbox === undefined ? undefined : mailFolder(inbox, lose);
  const colors = colorsFor(stdout, environment);
  const span = untilMs === undefined ? plural(scenario.days, 'day') : formatDuration(untilMs);
  for (const variable of decidedByTemplate(environment))
    stderr.write(`${variable} has no effect here: the template of the drill decides it.\n`);
  stderr.write(`Playing ${span} of "${scenario.name}", until now…\n`);
  return {
    scenario,
    untilMs,
    environment,
    listener: (item) => {
      if (item.kind === 'mail') folder?.keep(item.email);
      stdout.write(storyText(item, colors));
    },
  };
}
