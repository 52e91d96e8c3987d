import type { Instant } from '../../calendar/instant.ts';
import type { Home } from '../call/service.ts';
import { invalid, missing, taken } from './errors.ts';
import { DEFAULT_GROUP, type Schedule } from './schedule.ts';

/** A group of schedules; a schedule's name is its own only within the group. */
export interface ScheduleGroup {
  readonly name: string;
  readonly arn: string;
  /** Undefined for the group that was always there. */
  readonly createdAt: Instant | undefined;
  readonly schedules: Map<string, Schedule>;
}

/** The schedules of the account, by group. */
export class Groups {
  readonly #home: Home;
  readonly #byName = new Map<string, ScheduleGroup>();

  constructor(home: Home) {
    this.#home = home;
    this.#add(DEFAULT_GROUP, undefined);
  }

  /** Makes a group; fails when the name is taken. */
  create(name: string, now: Instant): ScheduleGroup {
    if (this.#byName.has(name)) throw taken(`Schedule group ${name}`);
    return this.#add(name, now);
  }

  /** The group with this name; fails when there is none. */
  find(name: string): ScheduleGroup {
    const group = this.#byName.get(name);
    if (group === undefined) throw missing(`Schedule group ${name}`);
    return group;
  }

  /** A schedule; fails when there is none. */
  schedule(group: string, name: string): Schedule {
    const schedule = this.find(group).schedules.get(name);
    if (schedule === undefined) throw missing(`Schedule ${name}`);
    return schedule;
  }

  /** Takes a group away with all its schedules; answers these. */
  remove(name: string): readonly Schedule[] {
    if (name === DEFAULT_GROUP) throw invalid('Default schedule group cannot be deleted.');
    const { schedules } = this.find(name);
    this.#byName.delete(name);
    return [...schedules.values()];
  }

  all(): readonly ScheduleGroup[] {
    return [...this.#byName.values()];
  }

  #add(name: string, createdAt: Instant | undefined): ScheduleGroup {
    const { account, region } = this.#home;
    const arn = `arn:aws:scheduler:${region}:${account}:schedule-group/${name}`;
    const group = { name, arn, createdAt, schedules: new Map<string, Schedule>() };
    this.#byName.set(name, group);
    return group;
  }
}
