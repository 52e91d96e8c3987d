import { Command, type CommanderError } from 'commander';
import { ackCommand } from './commands/ack.ts';
import { auditCommand } from './commands/audit.ts';
import { completionCommand } from './commands/completion.ts';
import { costCommand } from './commands/cost.ts';
import { dashboardsCommand } from './commands/dashboards.ts';
import { doctorCommand } from './commands/doctor.ts';
import { drillCommand } from './commands/drill.ts';
import { exceptCommand } from './commands/except.ts';
import { explainCommand } from './commands/explain.ts';
import { fixCommand } from './commands/fix.ts';
import { replayCommand } from './commands/replay.ts';
import { silenceCommand } from './commands/silence.ts';
import { simulateCommand } from './commands/simulate.ts';
import { statusCommand } from './commands/status.ts';
import { sweepCommand } from './commands/sweep.ts';
import { CliError } from './terminal/cli-error.ts';
import { EXIT_CODES } from './terminal/exit-code.ts';
import type { Terminal } from './terminal/output.ts';
import { packageVersion } from './terminal/package-version.ts';

const EXAMPLES = `
Examples:
  rotation-monitor drill                      the whole product on this machine, no AWS account needed
  rotation-monitor sweep --region eu-west-1   the failed and late rotations of your account, now
  rotation-monitor explain prod/db            one secret: what is wrong, why, and what to do
  rotation-monitor simulate --port 4599       a small AWS to try things on
  rotation-monitor dashboards preview         the CloudWatch dashboards, live during a drill

${EXIT_CODES}`;

/** The whole command line: every command, with errors left to whoever runs it. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('rotation-monitor')
    .description('Tells you when a secret did not rotate, before someone else does.')
    .version(packageVersion())
    .addHelpText('after', EXAMPLES)
    // Options behind the name of a command are its own, and not those of a command around it.
    .enablePositionalOptions()
    .addCommand(drillCommand(terminal))
    .addCommand(sweepCommand(terminal))
    .addCommand(statusCommand(terminal))
    .addCommand(explainCommand(terminal))
    .addCommand(fixCommand(terminal))
    .addCommand(ackCommand(terminal))
    .addCommand(silenceCommand(terminal))
    .addCommand(exceptCommand(terminal))
    .addCommand(simulateCommand(terminal))
    .addCommand(dashboardsCommand(terminal))
    .addCommand(replayCommand(terminal))
    .addCommand(doctorCommand(terminal))
    .addCommand(auditCommand(terminal))
    .addCommand(costCommand(terminal))
    .addCommand(completionCommand(terminal));
  for (const command of withSubcommands(program)) {
    command
      .exitOverride((error) => throwUsage(error, command))
      .configureOutput({
        writeOut: (text) => terminal.stdout.write(text),
        writeErr: (text) => terminal.stderr.write(text),
        outputError: () => undefined,
      });
  }
  return program;
}

const withSubcommands = (command: Command): readonly Command[] => [
  command,
  ...command.commands.flatMap(withSubcommands),
];

/** Whether commander has said all there is to say: help and version, help also when no command was named. */
export const hasSpoken = ({ exitCode, code }: CommanderError): boolean =>
  exitCode === 0 || code === 'commander.help';

function throwUsage(error: CommanderError, command: Command): never {
  if (hasSpoken(error)) throw error;
  throw new CliError({
    what: 'Cannot read the command line',
    details: error.message.replace(/^error: /, '').split('\n'),
    solve: ['Read the help of the command.', ...hyphenHint(error, command)],
    example: `${fullName(command)} --help`,
  });
}

/** A name that begins with a hyphen is read as an option. */
const hyphenHint = ({ code }: CommanderError, { registeredArguments }: Command): readonly string[] =>
  code === 'commander.unknownOption' && registeredArguments.length > 0
    ? ['A name that begins with a hyphen stands behind --, after all options.']
    : [];

const fullName = (command: Command): string =>
  command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
