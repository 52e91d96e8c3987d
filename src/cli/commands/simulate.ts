import { Command } from 'commander';
import { portOption } from '../options.ts';
import type { Terminal } from '../output.ts';
import { simulateText } from '../simulate/simulate-text.ts';

interface SimulateOptions {
  readonly port: number;
  readonly host: string;
  readonly scenario?: string;
}

const MORE_HELP = `
Secrets Manager with rotation, EventBridge, SQS, SNS, CloudWatch, STS, Lambda invocations and DynamoDB, all on one
port, for the AWS CLI and every SDK. Nothing is kept once it ends.

Examples:
  rotation-monitor simulate --port 4599
  rotation-monitor simulate --port 0 --scenario ./scenario.json

Exit codes:
  0  ended by Ctrl-C or SIGTERM
  2  it could not start: the port is taken, or the scenario has faults`;

/** `rotation-monitor simulate`: the simulator alone, in real time, until it is interrupted. */
export const simulateCommand = (terminal: Terminal): Command =>
  new Command('simulate')
    .description('Run the simulated AWS by itself, in real time, until interrupted.')
    .requiredOption('--port <port>', 'where to listen; 0 for any free port', portOption)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--scenario <file>', 'begin with the functions and secrets of a scenario')
    .addHelpText('after', MORE_HELP)
    .action((options: SimulateOptions) => simulate(options, terminal));

async function simulate({ port, host, scenario: path }: SimulateOptions, terminal: Terminal): Promise<void> {
  // Loaded here, so that other commands do not wait for the simulator.
  const { startSimulator } = await import('../simulate/start-simulator.ts');
  const { readScenarioFile } = await import('../simulate/scenario-file.ts');
  const scenario = path === undefined ? undefined : await readScenarioFile(path);
  const running = await startSimulator({ port, host, scenario });
  terminal.stdout.write(simulateText(running));
  await terminal.interrupted();
  await running.stop();
  terminal.stderr.write('Stopped.\n');
}
