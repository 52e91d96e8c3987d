import { CommanderError } from 'commander';
import { faultOf } from './fault-of.ts';
import { createProgram, hasSpoken } from './program.ts';
import { renderError } from './terminal/cli-error.ts';
import { colorsFor, type Terminal } from './terminal/output.ts';

/** Exit code of a command that could not do its work. */
const COULD_NOT_RUN = 2;

/** Runs one command line, tells what went wrong, and answers the exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync([...args], { from: 'user' });
    return terminal.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && hasSpoken(error)) return error.exitCode === 0 ? 0 : COULD_NOT_RUN;
    terminal.stderr.write(told(error, terminal));
    return COULD_NOT_RUN;
  }
}

function told(error: unknown, { stderr, environment }: Terminal): string {
  const fault = faultOf(error);
  if (fault !== undefined) return renderError(fault, colorsFor(stderr, environment));
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `Error: the program has a mistake; please report it with these lines\n${trace}\n`;
}
