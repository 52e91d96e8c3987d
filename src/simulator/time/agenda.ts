import { DAY, type Instant, instant } from '../../calendar/instant.ts';
import type { SimulatorClock, Task } from './clock.ts';

interface Entry {
  readonly at: Instant;
  readonly order: number;
  readonly task: Task;
  cancelled: boolean;
}

/** Timers of Node.js overflow after 24.8 days, so the agenda looks up at least once a day. */
const LONGEST_SLEEP_MS = DAY;

/**
 * The tasks that a service does by itself, in order of time. It keeps one entry in the clock, so that a hundred
 * thousand planned rotations or schedules cost the clock nothing.
 */
export class Agenda {
  readonly #clock: SimulatorClock;
  readonly #heap: Entry[] = [];
  #order = 0;
  #wakesAt: Instant | undefined;
  #cancelWake: () => void = () => undefined;
  #running = false;

  constructor(clock: SimulatorClock) {
    this.#clock = clock;
  }

  /** Runs `task` once at `at`, or at once when that is past; the answer cancels it. */
  schedule(at: Instant, task: Task): () => void {
    const entry = { at, order: this.#order++, task, cancelled: false };
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    this.#arm();
    return () => {
      entry.cancelled = true;
    };
  }

  #arm(): void {
    const [head] = this.#heap;
    if (this.#running || head === undefined) return;
    const wakeAt = instant(Math.min(head.at, this.#clock.now() + LONGEST_SLEEP_MS));
    if (this.#wakesAt !== undefined && this.#wakesAt <= wakeAt) return;
    this.#cancelWake();
    this.#wakesAt = wakeAt;
    this.#cancelWake = this.#clock.schedule(wakeAt, () => this.#run());
  }

  async #run(): Promise<void> {
    this.#wakesAt = undefined;
    this.#running = true;
    try {
      for (let due = this.#takeDue(); due !== undefined; due = this.#takeDue()) {
        if (!due.cancelled) await due.task();
      }
    } finally {
      this.#running = false;
      this.#arm();
    }
  }

  #takeDue(): Entry | undefined {
    const [head] = this.#heap;
    if (head === undefined || head.at > this.#clock.now()) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && last !== head) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return head;
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfEarlier(index, parent)) return;
      index = parent;
    }
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      const child = this.#isEarlier(left + 1, left) ? left + 1 : left;
      if (!this.#swapIfEarlier(child, index)) return;
      index = child;
    }
  }

  #swapIfEarlier(lower: number, upper: number): boolean {
    const a = this.#heap[lower];
    const b = this.#heap[upper];
    if (a === undefined || b === undefined || !this.#isEarlier(lower, upper)) return false;
    this.#heap[lower] = b;
    this.#heap[upper] = a;
    return true;
  }

  #isEarlier(first: number, second: number): boolean {
    const a = this.#heap[first];
    const b = this.#heap[second];
    if (a === undefined || b === undefined) return false;
    return a.at === b.at ? a.order < b.order : a.at < b.at;
  }
}
