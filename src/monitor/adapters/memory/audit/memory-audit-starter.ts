import type { AuditStarter } from '../../../ports/report/audit-starter.ts';

/** A starter that only counts. */
export interface MemoryAuditStarter extends AuditStarter {
  /** Number of requests. */
  readonly started: number;
}

/** Counts the requests for an audit. */
export function memoryAuditStarter(): MemoryAuditStarter {
  let started = 0;
  return {
    get started() {
      return started;
    },
    start: async () => {
      started += 1;
    },
  };
}
