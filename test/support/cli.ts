import { spawn } from 'node:child_process';
import { inject } from 'vitest';

/** The outcome of a run of the command line. */
export interface CliOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running command line. */
export interface CliRun {
  readonly done: Promise<CliOutcome>;
  /** Waits until standard output matches; fails when the process ends before. */
  seen(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Reads no more, as `head` does. */
  stopReading(): void;
  /** Reads no more of standard error once something has come, as a terminal that is closed. */
  stopReadingErrors(): void;
}

/** Starts `rotation-monitor`, as it was built for these tests, in a process of its own with nothing but `environment`. */
export function startCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): CliRun {
  const child = spawn(process.execPath, [inject('cli'), ...args], {
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const done = new Promise<CliOutcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    done,
    seen: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const [matched] = pattern.exec(stdout) ?? [];
          if (matched !== undefined) resolve(matched);
        };
        child.stdout.on('data', look);
        child.on('close', () => reject(new Error(`It ended before it wrote ${pattern}: ${stdout}${stderr}`)));
        look();
      }),
    kill: (signal) => void child.kill(signal),
    stopReading: () => child.stdout.destroy(),
    stopReadingErrors: () => void child.stderr.once('data', () => child.stderr.destroy()),
  };
}

/** Runs `rotation-monitor` to its end. */
export const runCli = (
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CliOutcome> => startCli(args, environment).done;
