#!/usr/bin/env node
import { run } from './run.ts';
import { type ProcessTerminal, processTerminal } from './terminal/output.ts';

/** Exit code that shells expect of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/** The warning is for those who write programs, not for those who run this one. */
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const terminal = processTerminal();
exitOnSignals(terminal);
for (const stream of [process.stdout, process.stderr]) stream.on('error', exitOnBrokenPipe);
process.exitCode = Math.max(await run(process.argv.slice(2), terminal), Number(process.exitCode ?? 0));
await flushed();
// Nothing that may still be open, such as a connection that never answers, keeps the process alive.
process.exit();

/** Lets a command that waits for it end by itself; ends any other at once. */
function exitOnSignals({ interrupt, stderr }: ProcessTerminal): void {
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      signals += 1;
      if (interrupt() && signals === 1) return;
      stderr.write('\nInterrupted.\n');
      process.exit(INTERRUPTED);
    });
  }
}

/** Exits when the reader of the output has seen enough, as in `rotation-monitor sweep | head`. */
function exitOnBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(terminal.exitCode);
}

/** Pipes are written behind the program's back: waits until all has left it. */
function flushed(): Promise<unknown> {
  return Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))),
  );
}
