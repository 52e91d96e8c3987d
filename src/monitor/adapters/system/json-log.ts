import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';

/** Writes each record as one line of JSON, as CloudWatch Logs reads it best. */
export const jsonLog =
  (clock: Clock, write: (line: string) => void): Log =>
  ({ level, message, details }) =>
    write(JSON.stringify({ level, message, timestamp: new Date(clock.now()).toISOString(), ...details }));
