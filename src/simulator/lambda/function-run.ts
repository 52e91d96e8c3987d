import { AsyncLocalStorage } from 'node:async_hooks';

/** A run of a function. */
export interface FunctionRun {
  /** Ends the run as a crash does: it fails, no code of it notices that, and it makes no further call. */
  kill(): void;
  isKilled(): boolean;
}

const runs = new AsyncLocalStorage<FunctionRun>();

let traces = 0;

/**
 * Lets code ask for its run from now on, until the answer is called: somebody is going to kill runs. It costs Node.js
 * before 24 a fifth of the time of everything that waits, so that nobody does it who kills none.
 */
export function traceRuns(): () => void {
  let isOver = false;
  traces += 1;
  return () => {
    if (isOver) return;
    isOver = true;
    traces -= 1;
    if (traces === 0) runs.disable();
  };
}

/** The run that the calling code belongs to; undefined outside of functions, and while nobody traces runs. */
export const presentRun = (): FunctionRun | undefined => runs.getStore();

/** Answers what the code of a function answers; fails with what it throws, also at once, or when its run is killed. */
export async function runFunction(name: string, code: () => unknown): Promise<unknown> {
  if (traces === 0) return code();
  let isKilled = false;
  let end: (reason: Error) => void = () => undefined;
  const killed = new Promise<never>((_resolve, reject) => {
    end = reject;
  });
  const run: FunctionRun = {
    kill: () => {
      isKilled = true;
      end(new Error(`The run of ${name} was killed`));
    },
    isKilled: () => isKilled,
  };
  return Promise.race([runs.run(run, async () => code()), killed]);
}
