import { MEMORY_MIB } from '../../infra/functions/function-specs.ts';
import type { FunctionUse } from './usage.ts';

/** The assumptions behind durations: the simulator's calls take no time, and this machine is not Lambda. */
export interface TimeAssumptions {
  /** Memory of every function, in MiB. */
  readonly memoryMib: number;
  /** A call that lists a page of a hundred secrets. */
  readonly listMs: number;
  /** Any other call. */
  readonly callMs: number;
  /** Time to start an environment and import the handler; billed since August 2025. */
  readonly coldStartMs: number;
}

/**
 * The usual assumptions. Calls are counted one after the other, though up to four run in parallel. The start of an
 * environment is billed: https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
 */
export const ASSUMED: TimeAssumptions = {
  memoryMib: MEMORY_MIB,
  listMs: 200,
  callMs: 30,
  coldStartMs: 1_000,
};

/** A function with so much memory has one processor. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MIB_A_PROCESSOR = 1_769;

/** Billed GB-seconds of one function: its work at the share of a processor it has, the calls it waits for, its starts. */
export function gbSeconds({ cpuMs, calls, coldStarts }: FunctionUse, assumed: TimeAssumptions): number {
  const { memoryMib, listMs, callMs, coldStartMs } = assumed;
  const worked = cpuMs / Math.min(1, memoryMib / MIB_A_PROCESSOR);
  const waited = Object.entries(calls).reduce(
    (sum, [name, count]) => sum + count * (name === 'secretsmanager:ListSecrets' ? listMs : callMs),
    0,
  );
  return ((worked + waited + coldStarts * coldStartMs) / 1_000) * (memoryMib / 1_024);
}
