import { type Instant, instant, later, MINUTE, SECOND } from '../../calendar/instant.ts';
import { Agenda } from '../time/agenda.ts';
import type { SimulatorClock } from '../time/clock.ts';
import { type DeliveryDependencies, invokeTarget } from './delivery.ts';
import type { Schedule } from './schedule.ts';

/** Dependencies of running schedules. */
export interface RunnerDependencies extends DeliveryDependencies {
  readonly clock: SimulatorClock;
  /** Called when a schedule that deletes itself has invoked its target for the last time. */
  readonly onCompleted: (schedule: Schedule) => void;
}

/**
 * A target is invoked within a minute after the time of its schedule, so at 1:00:00 to 1:00:59 for 1:00.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
const PRECISION_SECONDS = 60;

/** Invokes the targets of schedules when their times come. */
export class Runner {
  readonly #dependencies: RunnerDependencies;
  readonly #agenda: Agenda;
  /** Cancellations of the planned invocations, by ARN of the schedule. */
  readonly #planned = new Map<string, Set<() => void>>();

  constructor(dependencies: RunnerDependencies) {
    this.#dependencies = dependencies;
    this.#agenda = new Agenda(dependencies.clock);
  }

  /** Plans a schedule from now on; what was planned for it is dropped. A one-time schedule whose time is past runs at once. */
  start(schedule: Schedule): void {
    this.stop(schedule);
    if (schedule.State === 'DISABLED') return;
    const now = this.#dependencies.clock.now();
    const from = schedule.times.isOneTime ? instant(0) : Math.max(now, schedule.StartDate ?? now);
    this.#plan(schedule, instant(from));
  }

  /** Drops what is planned for a schedule. */
  stop({ arn }: Schedule): void {
    for (const cancel of this.#planned.get(arn) ?? []) cancel();
    this.#planned.delete(arn);
  }

  /** Drops what is planned for all schedules. */
  stopAll(): void {
    for (const cancels of this.#planned.values()) for (const cancel of cancels) cancel();
    this.#planned.clear();
  }

  /** Plans the first time at or after `from`; answers whether there is one. */
  #plan(schedule: Schedule, from: Instant): boolean {
    const at = schedule.times.first(from);
    const isOver =
      !schedule.times.isOneTime && schedule.EndDate !== undefined && (at ?? 0) > schedule.EndDate;
    if (at === undefined || isOver) return false;
    this.#when(schedule, at, () => this.#due(schedule, at));
    return true;
  }

  /** The time of a schedule has come: its target is invoked a little later, and the next time is planned. */
  #due(schedule: Schedule, at: Instant): void {
    const { clock } = this.#dependencies;
    const goesOn = this.#plan(schedule, later(at, 1));
    this.#when(schedule, later(clock.now(), this.#delayMs(schedule)), () => {
      invokeTarget(this.#dependencies, schedule, at);
      if (!goesOn && schedule.ActionAfterCompletion === 'DELETE') this.#dependencies.onCompleted(schedule);
    });
  }

  #delayMs({ FlexibleTimeWindow: { MaximumWindowInMinutes = 0 } }: Schedule): number {
    const { random } = this.#dependencies;
    return random.below(PRECISION_SECONDS) * SECOND + random.below(MaximumWindowInMinutes * MINUTE + 1);
  }

  #when({ arn }: Schedule, at: Instant, task: () => void): void {
    const cancels = this.#planned.get(arn) ?? new Set();
    this.#planned.set(arn, cancels);
    const cancel = this.#agenda.schedule(at, () => {
      cancels.delete(cancel);
      if (cancels.size === 0) this.#planned.delete(arn);
      task();
    });
    cancels.add(cancel);
  }
}
