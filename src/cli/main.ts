#!/usr/bin/env node
import { run, told } from './run.ts';
import { EXIT, INTERRUPTED } from './terminal/exit-code.ts';
import { type ProcessTerminal, processTerminal } from './terminal/output.ts';

/** Codes of streams that nobody reads any longer: a pipe that was closed, a terminal that is gone. */
const WITHOUT_READER: readonly (string | undefined)[] = ['EPIPE', 'EIO'];

/** The warning is for those who write programs, not for those who run this one. */
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const terminal = processTerminal();
exitOnSignals(terminal);
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => exitOnFailedWrite(stream, error));
process.exitCode = Math.max(await run(process.argv.slice(2), terminal), Number(process.exitCode ?? 0));
await flushed();
// Nothing that may still be open, such as a connection that never answers, keeps the process alive.
process.exit();

/** Lets a command that waits for it end by itself; ends any other at once. A terminal that is closed counts, too. */
function exitOnSignals({ interrupt, stderr }: ProcessTerminal): void {
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      signals += 1;
      if (interrupt() && signals === 1) return;
      stderr.write('\nInterrupted.\n');
      process.exit(INTERRUPTED);
    });
  }
}

/**
 * Exits when the reader of the output has seen enough, as in `rotation-monitor sweep | head`. Output that is lost for
 * any other reason, such as a full disk, is an error, whatever else the command has found. A command that waits for
 * Ctrl-C ends by itself: it may have begun what it has to end.
 */
function exitOnFailedWrite(stream: NodeJS.WriteStream, error: NodeJS.ErrnoException): void {
  const hasNoReader = WITHOUT_READER.includes(error.code);
  if (!hasNoReader && stream === process.stdout)
    process.stderr.write(told(error, process.argv.slice(2), terminal));
  const code = Math.max(terminal.exitCode, hasNoReader ? EXIT.well : EXIT.couldNotRun);
  if (!terminal.interrupt()) process.exit(code);
  process.exitCode = code;
}

/** Pipes are written behind the program's back: waits until all has left it. */
function flushed(): Promise<unknown> {
  return Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))),
  );
}
