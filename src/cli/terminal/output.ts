import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import pc from 'picocolors';
import { systemClock } from '../../monitor/adapters/system/system-clock.ts';
import { shownLine } from '../../monitor/domain/shown.ts';
import type { Clock } from '../../monitor/ports/clock.ts';

/** One stream that people or programs read. */
export interface TextStream {
  write(text: string): void;
  /** Resolves once the reader has kept up, so that a long output needs no more memory than a short one. */
  drained(): Promise<void>;
  /** Whether a person watches, so that colours and rewriting a line make sense. */
  readonly isTTY: boolean;
  /** Width of the terminal; undefined where there is none. */
  readonly columns: number | undefined;
}

/** Begins a line of a terminal again and empties it. */
export const REWRITE = '\r\u001B[K';

/** All that a command has of the process it runs in. */
export interface Terminal {
  /** Results, and nothing else. */
  readonly stdout: TextStream;
  /** Progress and errors. */
  readonly stderr: TextStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Exit code as far as it is decided. */
  readonly exitCode: number;
  /** Decides the exit code of a command that ends well; called before the result is written. */
  exitWith(code: number): void;
  /** Waits for the operator's Ctrl-C (or a SIGTERM), which then no longer ends the process by itself. Several may wait. */
  interrupted(): Promise<void>;
  /** Asks the person at the terminal for a line; undefined where nobody is there to answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** The time that passes while the command runs, and the pauses that it makes. */
  readonly clock: Clock;
}

/** The terminal of this process, and what ends it. */
export interface ProcessTerminal extends Terminal {
  /** Interrupts a command that waits; false when none waits. */
  interrupt(): boolean;
}

/** The streams, environment and exit code of this process. */
export function processTerminal(): ProcessTerminal {
  let exitCode = 0;
  const waiting: (() => void)[] = [];
  return {
    stdout: textStream(process.stdout),
    stderr: textStream(process.stderr),
    environment: process.env,
    get exitCode() {
      return exitCode;
    },
    exitWith: (code) => {
      exitCode = code;
    },
    interrupted: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
      }),
    ask: process.stdin.isTTY && process.stderr.isTTY ? asked : undefined,
    clock: systemClock,
    interrupt: () => {
      for (const each of waiting) each();
      return waiting.length > 0;
    },
  };
}

/** Asks on standard error: standard output holds results and nothing else. */
const asked = (question: string): Promise<string> =>
  askedOn(process, question, () => void process.emit('SIGINT', 'SIGINT'));

/** The streams of a question and its answer. */
interface Asking {
  readonly stdin: Readable;
  readonly stderr: Writable;
}

/** Asks the person at a terminal. Ctrl-C is left to `onInterrupt`; Ctrl-D is an empty answer. */
export async function askedOn(
  { stdin, stderr }: Asking,
  question: string,
  onInterrupt: () => void,
): Promise<string> {
  const lines = createInterface({ input: stdin, output: stderr, terminal: true });
  lines.on('SIGINT', onInterrupt);
  try {
    return (await lines.question(question)).trim();
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return '';
    throw error;
  } finally {
    lines.close();
  }
}

/** The part of a stream of this process that {@link textStream} needs. */
type ProcessStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** A stream of this process as commands write to it. */
export const textStream = (stream: ProcessStream): TextStream => ({
  write: (text) => void stream.write(text),
  drained: async () => {
    if (stream.writableNeedDrain) await once(stream, 'drain');
  },
  get isTTY() {
    return stream.isTTY === true;
  },
  get columns() {
    return stream.columns;
  },
});

/** The text as one line without what could steer a terminal: names and ARNs come from outside. */
export const printable = (text: string): string => shownLine(text);

/** A value as JSON for programs that people may look at, too: what is not seen is escaped, so that it stays as it is. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, undefined, 2).replaceAll(/[^\n -~]/gu, (character) =>
    shownLine(character) === character ? character : escapedInJson(character),
  );

const escapedInJson = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** Functions that colour text, or leave it alone. */
export type Colors = ReturnType<typeof pc.createColors>;

/** Colours for a person who watches; none for a pipe, and none where NO_COLOR says so. https://no-color.org */
export function colorsFor(stream: TextStream, { NO_COLOR, TERM }: Terminal['environment']): Colors {
  return pc.createColors(stream.isTTY && !NO_COLOR && TERM !== 'dumb');
}
