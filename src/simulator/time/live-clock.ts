import { type Instant, instant, later } from '../../calendar/instant.ts';
import { type SimulatorClock, type Task, VirtualClock } from './clock.ts';

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
