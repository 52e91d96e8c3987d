import { later } from '../domain/instant.ts';
import type { SimulatorClock } from './clock.ts';
import type { Functions } from './functions.ts';

/** A stand-in for EventBridge Scheduler's `rate()`: invokes functions at equal intervals. */
export interface Schedules {
  /**
   * Invokes the function with `input` now and then every `ms` milliseconds; the answer stops it.
   * A schedule without a start date invokes its target immediately.
   * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  every(ms: number, functionName: string, input: unknown): () => void;
  /** Stops all schedules. */
  stop(): void;
}

/** No schedules as yet. */
export function createSchedules(clock: SimulatorClock, functions: Functions): Schedules {
  const running = new Set<() => void>();
  const every = (ms: number, functionName: string, input: unknown): (() => void) => {
    let cancel: () => void = () => undefined;
    const stop = (): void => {
      cancel();
      running.delete(stop);
    };
    const tick = (): void => {
      cancel = clock.schedule(later(clock.now(), ms), tick);
      functions.invokeLater(functionName, input);
    };
    cancel = clock.schedule(clock.now(), tick);
    running.add(stop);
    return stop;
  };
  return {
    every,
    stop: () => {
      for (const stop of running) stop();
    },
  };
}
