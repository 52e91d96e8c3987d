import { setTimeout as sleep } from 'node:timers/promises';
import { type Instant, instant, later } from '../../../src/calendar/instant.ts';
import { type Task, VirtualClock } from '../../../src/simulator/time/clock.ts';

/** The machine's clock, which can also be put forward. Tasks run one after the other, in order of time. */
export class ShiftedClock extends VirtualClock {
  #shiftMs = 0;
  #isSkipping = false;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor() {
    super(instant(Date.now()));
  }

  /** Lead of the clock over the machine's, in milliseconds. */
  get shiftMs(): number {
    return this.#shiftMs;
  }

  /** True: who waits for a message in an empty queue waits, instead of asking again at once. */
  override get isLive(): boolean {
    return true;
  }

  override now(): Instant {
    return instant(Math.max(super.now(), this.#machine()));
  }

  override schedule(at: Instant, task: Task): () => void {
    const cancel = super.schedule(at, task);
    this.#arm();
    return cancel;
  }

  /** Lets time go by: the machine's, but while the clock is put forward only its own. */
  override async pause(ms: number): Promise<void> {
    if (this.#isSkipping) this.elapse(this.now() - super.now() + ms);
    else await sleep(ms);
  }

  /** Puts the clock forward by so many milliseconds; what falls due on the way is done first. */
  async skip(ms: number): Promise<void> {
    await this.#inTurn(async () => {
      this.#isSkipping = true;
      await this.advanceTo(later(this.now(), ms));
      this.#isSkipping = false;
      this.#shiftMs = Math.max(this.#shiftMs + ms, super.now() - Date.now());
    });
  }

  /** Runs nothing more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#arm = () => undefined;
  }

  #machine(): number {
    return Date.now() + this.#shiftMs;
  }

  #arm: () => void = () => {
    clearTimeout(this.#timer);
    const next = this.nextAt();
    if (next === undefined) return;
    const waitMs = Math.min(LONGEST_MS, Math.max(0, next - this.#machine()));
    this.#timer = setTimeout(() => void this.#inTurn(() => this.advanceTo(instant(this.#machine()))), waitMs);
  };

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work).finally(() => this.#arm());
    return this.#turn;
  }
}

const LONGEST_MS = 60_000;
