/** A run of a function. */
export interface FunctionRun {
  /** Ends the run as a crash does: it fails, no code of it notices that, and it makes no further call. */
  kill(): void;
  isKilled(): boolean;
}

/** Answers what the code of a function answers; fails with what it throws, also at once, or when its run is killed. */
export async function runFunction(name: string, code: (run: FunctionRun) => unknown): Promise<unknown> {
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
  return Promise.race([(async () => code(run))(), killed]);
}
