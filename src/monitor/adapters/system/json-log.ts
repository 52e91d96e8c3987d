import { shown } from '../../domain/shown.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';

/** Writes each record as one line of JSON that hides nothing, as CloudWatch Logs reads it best. */
export const jsonLog =
  (clock: Clock, write: (line: string) => void): Log =>
  ({ level, message, details }) =>
    write(
      JSON.stringify({ level, message, timestamp: new Date(clock.now()).toISOString(), ...shown(details) }),
    );
