import {
  type FunctionCode,
  type StepAnswer,
  type StepRequest,
  type StepRunner,
  StepRunnerError,
} from '../../ports/repair/step-runner.ts';

/** A function in memory, and what it does when a step of it is run. */
interface MemoryStepFunction {
  readonly code: FunctionCode;
  readonly run: (request: StepRequest) => Promise<StepAnswer>;
}

/** Runs the functions that were put in, by their ARN; undefined takes one away. */
export interface MemoryStepRunner extends StepRunner {
  put(functionArn: string, found: MemoryStepFunction | undefined): void;
}

/** Functions that live in this process. */
export function memoryStepRunner(): MemoryStepRunner {
  const functions = new Map<string, MemoryStepFunction>();
  return {
    put: (functionArn, found) => {
      if (found === undefined) functions.delete(functionArn);
      else functions.set(functionArn, found);
    },
    code: async (functionArn) => functions.get(functionArn)?.code,
    run: async (request) => {
      const found = functions.get(request.functionArn);
      if (found !== undefined) return found.run(request);
      const message = `Cannot call "${request.functionArn}": there is no such function`;
      throw new StepRunnerError(message, { reason: 'not-found', retryable: false });
    },
  };
}
