import { setImmediate } from 'node:timers/promises';
import { type Instant, instant } from '../../src/calendar/instant.ts';
import type { Terminal, TextStream } from '../../src/cli/terminal/output.ts';
import type { Clock } from '../../src/monitor/ports/clock.ts';

/** A terminal that keeps what was written to it. */
export interface TestTerminal extends Terminal {
  readonly out: () => string;
  readonly err: () => string;
}

/** Properties by which a test's terminal differs from a pipe without any environment. */
export interface TestTerminalOptions {
  readonly environment?: Terminal['environment'];
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Answers as a person does. */
  readonly ask?: Terminal['ask'];
  /** Waits for whoever reads the output; at once when left out. */
  readonly drained?: () => Promise<void>;
  /** Settles when Ctrl-C is pressed; never when left out. */
  readonly interrupted?: Promise<void>;
  /** The machine's time, but that nobody waits for a pause, when left out. */
  readonly clock?: Clock;
}

/** The machine's time and the pauses that were asked for: one who waits for a time finds that it has come. */
function quickClock(): Clock {
  let pausedMs = 0;
  return {
    now: (): Instant => instant(Date.now() + pausedMs),
    pause: async (ms) => {
      pausedMs += ms;
      await setImmediate();
    },
  };
}

/** A pipe, or what `options` say; nobody presses Ctrl-C. */
export function aTerminal({
  environment = {},
  isTTY = false,
  columns,
  ask,
  drained = async () => undefined,
  interrupted = new Promise(() => undefined),
  clock = quickClock(),
}: TestTerminalOptions = {}): TestTerminal {
  const written = { out: '', err: '' };
  let exitCode = 0;
  const stream = (name: keyof typeof written): TextStream => ({
    write: (text) => {
      written[name] += text;
    },
    drained,
    isTTY,
    columns,
  });
  return {
    stdout: stream('out'),
    stderr: stream('err'),
    environment,
    get exitCode() {
      return exitCode;
    },
    exitWith: (code) => {
      exitCode = code;
    },
    interrupted: () => interrupted,
    ask,
    clock,
    out: () => written.out,
    err: () => written.err,
  };
}
