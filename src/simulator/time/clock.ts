import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { type Instant, instant, later } from '../../calendar/instant.ts';

/** Work that the simulated AWS does by itself at some time: a rotation, a delayed message, a purge. */
export type Task = () => void | Promise<void>;

/** Gives the simulated AWS its time and runs its future work. */
export interface SimulatorClock {
  /** Whether time goes by without anybody who advances it. */
  readonly isLive: boolean;
  now(): Instant;
  /** Runs `task` once at `at` (at once when that is past); the answer cancels it. */
  schedule(at: Instant, task: Task): () => void;
  /** Lets `ms` milliseconds go by for whoever waits. */
  pause(ms: number): Promise<void>;
}

interface Entry {
  readonly at: Instant;
  readonly task: Task;
}

/** A clock that stands still until it is advanced; tasks run in order of time, each finished before the next. */
export class VirtualClock implements SimulatorClock {
  #now: Instant;
  readonly #entries: Entry[] = [];

  constructor(start: Instant) {
    this.#now = start;
  }

  get isLive(): boolean {
    return false;
  }

  now(): Instant {
    return this.#now;
  }

  schedule(at: Instant, task: Task): () => void {
    const entry = { at: instant(Math.max(at, this.#now)), task };
    this.#entries.splice(this.#placeOf(entry.at), 0, entry);
    return () => {
      const index = this.#entries.indexOf(entry);
      if (index >= 0) this.#entries.splice(index, 1);
    };
  }

  /** Behind all entries that are not later; a later entry of the same moment comes last. */
  #placeOf(at: Instant): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.at ?? at) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Returns the time of the next task; undefined when there is none. */
  nextAt(): Instant | undefined {
    return this.#entries[0]?.at;
  }

  /** Moves time to `to`, running every task due on the way, those that tasks add included. */
  async advanceTo(to: Instant): Promise<void> {
    for (;;) {
      const [next] = this.#entries;
      if (next === undefined || next.at > to) break;
      this.#entries.shift();
      this.#now = instant(Math.max(this.#now, next.at));
      await next.task();
    }
    this.#now = instant(Math.max(this.#now, to));
  }

  /** Lets `ms` milliseconds go by in the task that is running; what is due in the meantime runs after it. */
  elapse(ms: number): void {
    this.#now = instant(this.#now + ms);
  }

  async pause(ms: number): Promise<void> {
    this.elapse(ms);
  }

  /** Moves time on by `ms` milliseconds. */
  advance(ms: number): Promise<void> {
    return this.advanceTo(instant(this.#now + ms));
  }
}

/** The machine's clock, for a simulator that people talk to. */
export class RealClock implements SimulatorClock {
  readonly isLive: boolean = true;

  now(): Instant {
    return instant(Date.now());
  }

  schedule(at: Instant, task: Task): () => void {
    const timer = setTimeout(() => void task(), Math.max(0, at - Date.now()));
    timer.unref();
    return () => clearTimeout(timer);
  }

  async pause(ms: number): Promise<void> {
    await setTimeoutPromise(ms);
  }
}

/** A clock that is advanced like any other until it goes live; from then on it is the machine's, and tasks run when they are due. */
export class LiveClock extends VirtualClock {
  readonly #machine: SimulatorClock;
  #isLive = false;
  #isRunning = false;
  #cancel: () => void = () => undefined;

  constructor(start: Instant, machine: SimulatorClock) {
    super(start);
    this.#machine = machine;
  }

  override get isLive(): boolean {
    return this.#isLive;
  }

  override now(): Instant {
    return this.#isLive ? instant(Math.max(super.now(), this.#machine.now())) : super.now();
  }

  override schedule(at: Instant, task: Task): () => void {
    const cancel = super.schedule(at, task);
    if (this.#isLive && !this.#isRunning) this.#wait();
    return cancel;
  }

  /** Moves time to that of the machine, however long what is due on the way takes, and keeps it there. */
  async goLive(): Promise<void> {
    while (super.now() < this.#machine.now()) await this.advanceTo(this.#machine.now());
    this.#isLive = true;
    this.#wait();
  }

  override async pause(ms: number): Promise<void> {
    await (this.#isLive ? this.#machine.pause(ms) : super.pause(ms));
  }

  /** Runs nothing more. */
  stop(): void {
    this.#isLive = false;
    this.#cancel();
  }

  #wait(): void {
    this.#cancel();
    const next = this.nextAt();
    if (next === undefined || !this.#isLive) return;
    const at = instant(Math.min(next, later(this.#machine.now(), LONGEST_MS)));
    this.#cancel = this.#machine.schedule(at, () => this.#run());
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    await this.advanceTo(this.#machine.now());
    this.#isRunning = false;
    this.#wait();
  }
}

/** Node takes no longer delay for a timer. https://nodejs.org/docs/latest-v20.x/api/timers.html#settimeoutcallback-delay-args */
const LONGEST_MS = 2_147_483_647;
