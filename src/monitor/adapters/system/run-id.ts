import { randomUUID } from 'node:crypto';

/** Returns an id that no other run has. */
export const runId = (): string => randomUUID();
