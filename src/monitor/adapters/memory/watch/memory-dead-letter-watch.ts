import type { DeadLetters, DeadLetterWatch } from '../../../ports/watch/dead-letter-watch.ts';

/** Dead-letter queues in memory; `set` changes what they hold. */
export interface MemoryDeadLetterWatch extends DeadLetterWatch {
  set(letters: readonly DeadLetters[]): void;
  /** Returns the number of messages driven on so far. */
  driven(): number;
}

/** Counts the letters it was given. */
export function memoryDeadLetterWatch(initial: readonly DeadLetters[] = []): MemoryDeadLetterWatch {
  let now = initial;
  let driven = 0;
  return {
    count: async () => now,
    async driveOn() {
      const all = now.reduce((sum, { count }) => sum + count, 0);
      now = now.map((letters) => ({ ...letters, count: 0 }));
      driven += all;
      return all;
    },
    driven: () => driven,
    set: (letters) => {
      now = letters;
    },
  };
}
