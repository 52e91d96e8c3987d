import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { build } from 'esbuild';
import type { ProcessNote, ProcessOrders, ProcessReport } from './process.ts';

const FOLDER = 'node_modules/.cache/propagation';
const PROGRAM = `${FOLDER}/process.mjs`;

/** Builds the program that processes run. */
export async function buildProgram(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await build({
    entryPoints: ['test/client/propagation/process.ts'],
    outfile: PROGRAM,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
}

/** A version that a process began to use. */
export interface Use {
  readonly versionId: string;
  /** Milliseconds since the epoch by the machine's clock. */
  readonly at: number;
}

/** A version that a message brought to a process, and the cost of getting to it. */
interface PushedUse extends Use {
  /** Time at which its message had come. */
  readonly receivedAt: number;
  /** Processor time from there to the use, in milliseconds. */
  readonly processorMs: number;
}

/** A process of an application that follows rotations. */
export interface FollowingProcess {
  readonly consumer: string;
  /** Versions of its listening cache since it was ready, oldest first. */
  readonly pushed: readonly PushedUse[];
  /** Versions of its polling cache. */
  readonly pulled: readonly Use[];
  /** Failures within it. */
  readonly failures: readonly string[];
  shift(shiftMs: number): void;
  /** Lets it hang: it lives and does nothing. */
  hang(): void;
  /** Ends it in good order. */
  close(): Promise<void>;
  /** Ends it without a word. */
  kill(): Promise<void>;
}

/** Starts a process; answers once it is ready. */
export async function startProcess(orders: ProcessOrders): Promise<FollowingProcess> {
  const child = fork(PROGRAM, [JSON.stringify(orders)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const uses = { pushed: [] as PushedUse[], pulled: [] as Use[] };
  const failures: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${orders.consumer} ended with ${code}`)));
    child.on('message', (report: ProcessReport) => {
      if (report.type === 'ready') resolve();
      else if (report.type === 'failed') failures.push(report.text);
      else if (report.type === 'pushed') uses.pushed.push(report);
      else uses.pulled.push(report);
    });
  });
  const note = (message: ProcessNote): void => void (child.connected && child.send(message));
  return {
    consumer: orders.consumer,
    ...uses,
    failures,
    shift: (shiftMs) => note({ type: 'shifted', shiftMs }),
    hang: () => void child.kill('SIGSTOP'),
    close: () => ended(child, () => note({ type: 'close' })),
    kill: () => ended(child, () => void child.kill('SIGKILL')),
  };
}

async function ended(child: ChildProcess, end: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  end();
  await exit;
}
