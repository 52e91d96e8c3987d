import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { networkPost } from '../../src/simulator/sns/http-post.ts';
import { RealClock } from '../../src/simulator/time/clock.ts';

/** A peer cannot be had on this machine: a program, a registry or an architecture is missing. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** The folders and programs with which peers are run. */
export interface Ground {
  /** Installs once for each version: `install` fills an empty folder, whose path is the answer. */
  installed(name: string, install: (folder: string) => Promise<void>): Promise<string>;
  /** Starts the simulated AWS in real time on a port of loopback; it is stopped when the peer has run. */
  simulate(): Promise<Simulated>;
  /** Prints a text for the person who waits. */
  tell(text: string): void;
  /** Keeps a figure for the page, a full sentence. */
  note(text: string): void;
}

/** A simulator that serves clients. */
export interface Simulated {
  readonly endpoint: string;
  readonly simulator: Simulator;
}

/** A program's output and exit status. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@link run}. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Milliseconds after which the program is ended; 30 minutes by default. */
  readonly patienceMs?: number;
}

/** Programs write tables of thousands of lines. */
const LONGEST_OUTPUT = 64 * 1024 * 1024;
/** A peer that hangs is ended. */
const PATIENCE_MS = 30 * 60_000;
/** Installs compile: what takes ten minutes on two idle cores may take an hour on busy ones. */
const INSTALL_PATIENCE_MS = 120 * 60_000;

/** Runs a program to its end, whatever its exit code is. */
export function run(program: string, words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { cwd, env, input, patienceMs = PATIENCE_MS } = options;
  return new Promise((resolve) => {
    const child = execFile(
      program,
      [...words],
      { cwd, env: { ...process.env, ...env }, maxBuffer: LONGEST_OUTPUT, timeout: patienceMs },
      (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
        resolve({ status, stdout, stderr: stderr === '' && error !== null ? error.message : stderr });
      },
    );
    // A program that does not read says so by its exit code.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

/** Runs a program that has to end well; where it does not, what it installs cannot be had. */
export async function install(
  program: string,
  words: readonly string[],
  options?: RunOptions,
): Promise<void> {
  const { status, stdout, stderr } = await run(program, words, {
    patienceMs: INSTALL_PATIENCE_MS,
    ...options,
  });
  if (status === 0) return;
  const said = `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? '';
  throw new Unavailable(
    `"${program} ${words.slice(0, 3).join(' ')}" ended with ${status}: ${said.slice(0, 200)}`,
  );
}

/** Path of a program beside the peers. */
export const programPath = (name: string): string =>
  fileURLToPath(new URL(`../programs/${name}`, import.meta.url));

/** A new ground, and what frees it. */
export function openGround(tell: (text: string) => void): {
  readonly ground: Ground;
  /** The figures that were kept. */
  readonly notes: readonly string[];
  close(): Promise<void>;
} {
  const running: (() => Promise<void>)[] = [];
  const notes: string[] = [];
  const ground: Ground = {
    installed,
    simulate: async () => {
      const simulator = createSimulator({ clock: new RealClock(), seed: 1, post: networkPost });
      simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
      const listening = await simulator.listen({ port: 0, host: '127.0.0.1' });
      running.push(async () => {
        await listening.close();
        await simulator.close();
      });
      return { endpoint: listening.endpoint, simulator };
    },
    tell,
    note: (text) => void notes.push(text),
  };
  return { ground, notes, close: async () => void (await Promise.all(running.map((stop) => stop()))) };
}

/** Outside the tree, so that nothing of it is linted, packed or committed. */
const CACHE = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'secret-rotation-monitor',
  'peers',
);

/** Virtual environments know their path, so a folder is filled in place and marked at the end. */
async function installed(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(CACHE, name);
  const mark = `${folder}.installed`;
  if (existsSync(mark)) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await fill(folder);
  await mkdir(`${mark}.new`, { recursive: true });
  await rename(`${mark}.new`, mark);
  return folder;
}

/** A port of loopback that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('Loopback gave no port');
  return address.port;
}

/** Waits so many milliseconds. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
