import { CommanderError } from 'commander';
import { ConfigError } from '../monitor/config/read-config.ts';
import { ScenarioError } from '../proving/scenario/scenario-error.ts';
import { createProgram, hasSpoken } from './program.ts';
import { CliError, type CliErrorParts, Interrupted, renderError } from './terminal/cli-error.ts';
import { EXIT, INTERRUPTED } from './terminal/exit-code.ts';
import { colorsFor, type Terminal } from './terminal/output.ts';

/** Runs one command line, prints any error, and answers the exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync([...args], { from: 'user' });
    return terminal.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && hasSpoken(error))
      return error.exitCode === 0 ? EXIT.well : EXIT.couldNotRun;
    const isInterrupted = error instanceof Interrupted;
    terminal.stderr.write(isInterrupted ? '\nInterrupted.\n' : told(error, args, terminal));
    return isInterrupted ? INTERRUPTED : EXIT.couldNotRun;
  }
}

/** The words before the first option or value, such as `dashboards preview`. */
function commandIn(args: readonly string[]): string {
  const end = args.findIndex((word) => !/^[a-z][a-z-]*$/.test(word));
  return ['rotation-monitor', ...(end === -1 ? args : args.slice(0, end))].join(' ');
}

/** Returns an error of a command line as people read it. */
export function told(
  error: unknown,
  args: readonly string[],
  { stderr, environment }: Pick<Terminal, 'stderr' | 'environment'>,
): string {
  const fault = faultOf(error, commandIn(args));
  if (fault !== undefined) return renderError(fault, colorsFor(stderr, environment));
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `Error: this is a bug in the program; please report it with these lines\n${trace}\n`;
}

/**
 * Returns an error of the command that was typed as a message for the operator; undefined for a mistake of the program
 * itself.
 */
export function faultOf(error: unknown, command: string): CliErrorParts | undefined {
  if (error instanceof CliError) return error.parts;
  if (error instanceof ConfigError || error instanceof ScenarioError) return fileFault(error, command);
  return systemFault(error, command);
}

/** Settings or a scenario with faults: the first line says which, each further line is a fault. */
function fileFault({ name, message }: Error, command: string): CliErrorParts {
  const [what = '', ...faults] = message.split('\n');
  const isScenario = name === 'ScenarioError';
  return {
    what: what.replace(/:$/, ''),
    details: faults.map((line) => line.trim()),
    solve: [
      isScenario
        ? 'Correct the file; docs/scenarios.md describes it.'
        : 'Correct or unset the variables named above.',
    ],
    example: isScenario ? `${command} --help` : 'env | grep ROTATION_MONITOR_',
  };
}

/** A refusal of the system, with the options that help; without any, the help of the command is named. */
interface SystemFault extends Pick<CliErrorParts, 'what' | 'solve'> {
  readonly options?: string;
}

const SYSTEM_FAULTS: Readonly<Record<string, SystemFault>> = {
  EADDRINUSE: {
    what: 'Cannot listen on the port: another program uses it',
    solve: ['Choose another port, or 0 for any that is free, or stop the other program.'],
    options: '--port 0',
  },
  EADDRNOTAVAIL: {
    what: 'Cannot listen on the host: this machine does not have the address',
    solve: ['Choose an address of this machine.'],
    options: '--port 4599 --host 127.0.0.1',
  },
  EACCES: {
    what: 'Cannot open it: permission denied',
    solve: ['Check the permissions of the file; ports below 1024 need special rights.'],
  },
  ENOENT: {
    what: 'Cannot read the file: it does not exist',
    solve: ['Check the path.'],
  },
  EISDIR: {
    what: 'Cannot read the file: it is a folder',
    solve: ['Name a file in it.'],
  },
  EEXIST: {
    what: 'Cannot create the folder: a file with its name exists',
    solve: ['Name another folder, or move the file away.'],
  },
  ENOTDIR: {
    what: 'Cannot use the path: a part of it is a file',
    solve: ['Name a folder whose parents are folders.'],
  },
  EROFS: {
    what: 'Cannot write: the file system is read only',
    solve: ['Name a folder on a file system that can be written.'],
  },
  ENOSPC: {
    what: 'Cannot write: no space is left',
    solve: ['Make room, or name a folder on another file system.'],
  },
  ENOTFOUND: {
    what: 'Cannot listen on the host: its name has no address',
    solve: ['Choose an address of this machine.'],
    options: '--port 4599 --host 127.0.0.1',
  },
};

function systemFault(error: unknown, command: string): CliErrorParts | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const fault = SYSTEM_FAULTS[error.code];
  if (fault === undefined) return undefined;
  const { what, solve, options = '--help' } = fault;
  return { what, details: [error.message], solve, example: `${command} ${options}` };
}
