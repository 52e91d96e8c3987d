import type { Terminal, TextStream } from '../../src/cli/terminal/output.ts';

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
  /** Settles when Ctrl-C is pressed; at once when left out. */
  readonly interrupted?: Promise<void>;
}

/** A pipe, or what `options` say; an interruption comes at once. */
export function aTerminal({
  environment = {},
  isTTY = false,
  columns,
  ask,
  drained = async () => undefined,
  interrupted = Promise.resolve(),
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
    out: () => written.out,
    err: () => written.err,
  };
}
