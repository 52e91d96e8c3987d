import type { Log, LogRecord } from '../../ports/log.ts';

/** A log that ends in memory. */
export function memoryLog(): { readonly log: Log; readonly records: readonly LogRecord[] } {
  const records: LogRecord[] = [];
  return { records, log: (record) => void records.push(record) };
}
