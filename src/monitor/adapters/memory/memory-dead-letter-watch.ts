import type { DeadLetters, DeadLetterWatch } from '../../ports/watch/dead-letter-watch.ts';

/** Dead-letter queues in memory; `set` changes what they hold. */
export interface MemoryDeadLetterWatch extends DeadLetterWatch {
  set(letters: readonly DeadLetters[]): void;
}

/** Counts what it was told to count. */
export function memoryDeadLetterWatch(initial: readonly DeadLetters[] = []): MemoryDeadLetterWatch {
  let now = initial;
  return {
    count: async () => now,
    set: (letters) => {
      now = letters;
    },
  };
}
