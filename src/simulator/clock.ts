import { type Instant, instant } from '../domain/instant.ts';

/** Work that the simulated AWS does by itself at some time: a rotation, a delayed message, a purge. */
export type Task = () => void | Promise<void>;

/** Tells the simulated AWS the time and runs its future work. */
export interface SimulatorClock {
  now(): Instant;
  /** Runs `task` once at `at` (at once when that is past); the answer cancels it. */
  schedule(at: Instant, task: Task): () => void;
}

interface Entry {
  readonly at: Instant;
  readonly order: number;
  readonly task: Task;
}

/** A clock that stands still until it is advanced; tasks run in order of time, each finished before the next. */
export class VirtualClock implements SimulatorClock {
  #now: Instant;
  #order = 0;
  readonly #entries: Entry[] = [];

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  schedule(at: Instant, task: Task): () => void {
    const entry = { at: instant(Math.max(at, this.#now)), order: this.#order++, task };
    this.#entries.push(entry);
    this.#entries.sort((a, b) => a.at - b.at || a.order - b.order);
    return () => {
      const index = this.#entries.indexOf(entry);
      if (index >= 0) this.#entries.splice(index, 1);
    };
  }

  /** Moves time to `to`, running every task due on the way, those that tasks add included. */
  async advanceTo(to: Instant): Promise<void> {
    for (;;) {
      const [next] = this.#entries;
      if (next === undefined || next.at > to) break;
      this.#entries.shift();
      this.#now = next.at;
      await next.task();
    }
    this.#now = instant(Math.max(this.#now, to));
  }

  /** Moves time on by `ms` milliseconds. */
  advance(ms: number): Promise<void> {
    return this.advanceTo(instant(this.#now + ms));
  }
}

/** The machine's clock, for a simulator that people talk to. */
export class RealClock implements SimulatorClock {
  now(): Instant {
    return instant(Date.now());
  }

  schedule(at: Instant, task: Task): () => void {
    const timer = setTimeout(() => void task(), Math.max(0, at - Date.now()));
    timer.unref();
    return () => clearTimeout(timer);
  }
}
