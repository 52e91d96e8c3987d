import { getHeapSpaceStatistics } from 'node:v8';

/** Follows what stays alive on this thread's heap while something runs. */
export interface LiveHeap {
  /** Counts a call of an operation; now and then collects all garbage and looks at what is left. */
  readonly onCall: (operation: string) => void;
  /** Bytes alive at the most, above those before the run. */
  peak(): number;
}

/** The first calls are all looked at: that is where the open alerts are read. */
const FIRST_CALLS = 20;
/** Is looked at each time: whoever reads an index holds much, for a few calls only. */
const READS_INDEX = /Query$/;
/** Number of calls after one that reads an index that are looked at, too. */
const CALLS_AFTER = 3;
/** Looks at the rest of a run. */
const LOOKS = 100;
const SETTLING_ROUNDS = 5;

/** Starts following; `expectedCalls` spreads the looks over the run. */
export async function liveHeap(expectedCalls: number): Promise<LiveHeap> {
  await settle();
  const every = Math.max(1, Math.floor(expectedCalls / LOOKS));
  const before = aliveBytes();
  let calls = 0;
  let closely = FIRST_CALLS;
  let most = before;
  return {
    onCall: (operation) => {
      calls += 1;
      if (READS_INDEX.test(operation)) closely = Math.max(closely, calls + CALLS_AFTER);
      if (calls <= closely || calls % every === 0) most = Math.max(most, aliveBytes());
    },
    peak: () => most - before,
  };
}

/** Lets what ran before end, so that none of it counts as alive before the run. */
async function settle(): Promise<void> {
  for (let round = 0; round < SETTLING_ROUNDS; round++) {
    aliveBytes();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Objects and buffers; not the machine code of V8's compilers, which grows the longer a program runs hot. */
function aliveBytes(): number {
  if (globalThis.gc === undefined) throw new Error('The heap can be read only with node --expose-gc');
  // A collection that ends one already under way leaves what was made since it began.
  globalThis.gc();
  globalThis.gc();
  const objects = getHeapSpaceStatistics()
    .filter(({ space_name }) => !space_name.startsWith('code'))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
  return objects + process.memoryUsage().arrayBuffers;
}
