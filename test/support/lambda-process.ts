import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** A bundled handler in a process of its own, as Lambda keeps it warm: one invocation after the other. */
export interface LambdaProcess {
  /** Fails when the module cannot be imported. */
  readonly ready: Promise<unknown>;
  /** Answers what the handler answers, fails with what it throws. */
  invoke(event: unknown, context: unknown): Promise<unknown>;
  stop(): void;
  /** The most memory the process has held so far, in bytes. */
  peakBytes(): number;
}

/** Lambda's limits on a run of a function. */
export interface LambdaLimits {
  /** Time that an invocation has. */
  readonly timeoutMs: number;
  /** Memory of the function, of which Lambda gives Node 90 % as heap and 5 % as its youngest part. */
  readonly memoryMib?: number;
}

/** Script that does the work of Lambda's runtime: imports the module once, then hands it events. */
const RUNTIME = `
  const { handler } = await import(process.cwd() + '/' + process.argv[1] + '.mjs');
  process.on('message', async ({ event, context }) => {
    try {
      const begun = Date.now();
      const remaining = { getRemainingTimeInMillis: () => Number(process.argv[2]) - (Date.now() - begun) };
      process.send({ answer: (await handler(event, { ...context, ...remaining })) ?? null });
    } catch (error) {
      process.send({ error: error.stack });
    }
  });
  process.send({ answer: 'ready' });
`;

const said = z.union([z.object({ error: z.string() }), z.object({ answer: z.unknown() })]);

/** Starts the bundle `name` of `folder` with nothing but `environment`. */
export function lambdaProcess(
  folder: string,
  name: string,
  environment: Readonly<Record<string, string>>,
  limits: LambdaLimits = { timeoutMs: 60_000 },
): LambdaProcess {
  const { timeoutMs } = limits;
  const options = [...heapOptions(limits), '--input-type=module', '--eval', RUNTIME, name, String(timeoutMs)];
  const child = spawn(process.execPath, options, {
    cwd: folder,
    // As Lambda does, under whatever name the function is deployed.
    env: { AWS_LAMBDA_FUNCTION_NAME: name, ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ready = answerOf(child);
  // A process that is stopped while it starts is nobody's fault.
  ready.catch(() => undefined);
  let last = ready;
  return {
    ready,
    invoke(event, context) {
      const next = last.then(() => {
        const answer = answerOf(child);
        // A process that ends in the meantime is noticed by `answer`, not by the pipe that breaks.
        if (child.connected) child.send({ event, context }, () => undefined);
        return answer;
      });
      last = next.catch(() => undefined);
      return next;
    },
    stop: () => void child.kill('SIGKILL'),
    peakBytes: () => {
      const [, kib = '0'] =
        /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      return Number(kib) * 1024;
    },
  };
}

const heapOptions = ({ memoryMib }: LambdaLimits): readonly string[] =>
  memoryMib === undefined
    ? []
    : [
        `--max-old-space-size=${Math.floor(memoryMib * 0.9)}`,
        `--max-semi-space-size=${Math.floor(memoryMib * 0.05)}`,
      ];

/** The next thing the process says; fails when it ends without a word. */
function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (!child.connected) reject(new Error('The process was stopped'));
    let stderr = '';
    const hear = (text: Buffer) => {
      stderr += text.toString();
    };
    const ended = () => reject(new Error(`The process ended: ${stderr}`));
    child.stderr?.on('data', hear);
    child.once('close', ended);
    child.once('message', (message) => {
      child.off('close', ended);
      child.stderr?.off('data', hear);
      const outcome = said.parse(message);
      if ('error' in outcome) reject(new Error(outcome.error));
      else resolve(outcome.answer);
    });
  });
}
