import type { MoveRecord } from '../../domain/rotation/move.ts';
import type { MoveStore } from '../../ports/store/move-store.ts';

/** Remembers moves as long as the process lives. */
export function memoryMoveStore(): MoveStore {
  const moves = new Map<string, MoveRecord>();
  return {
    readMove: async (arn) => moves.get(arn),
    async writeMove(record) {
      const revision = moves.get(record.secretArn)?.revision ?? 0;
      if (revision !== record.revision) return 'conflict';
      moves.set(record.secretArn, { ...record, revision: revision + 1 });
      return 'written';
    },
  };
}
