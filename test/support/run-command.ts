import { run } from '../../src/cli/run.ts';
import { aTerminal, type TestTerminalOptions } from './terminal.ts';

/** The outcome of a command that ran in this process. */
export interface CommandOutcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, as a pipe without any environment by default. */
export async function runCommand(
  args: readonly string[],
  options: TestTerminalOptions = {},
): Promise<CommandOutcome> {
  const terminal = aTerminal(options);
  const code = await run(args, terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}
