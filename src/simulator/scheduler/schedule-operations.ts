import * as z from 'zod';
import { readInput } from '../call/input.ts';
import type { Call, Input, Operation } from '../call/service.ts';
import { taken } from './errors.ts';
import type { Groups } from './groups.ts';
import { PAGING, page } from './page.ts';
import { NAME, readSchedule } from './read-schedule.ts';
import type { Runner } from './runner.ts';
import { DEFAULT_GROUP, type Schedule, shownSchedule, summaryOf } from './schedule.ts';

const naming = z.object({ Name: NAME, GroupName: NAME.default(DEFAULT_GROUP) });
const listing = z.object({
  ...PAGING,
  GroupName: NAME.optional(),
  NamePrefix: NAME.default(''),
  State: z.enum(['ENABLED', 'DISABLED']).optional(),
});

/** The operations on schedules. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html */
export function scheduleOperations(groups: Groups, runner: Runner): Record<string, Operation> {
  const put = (schedule: Schedule): object => {
    groups.find(schedule.GroupName).schedules.set(schedule.Name, schedule);
    runner.start(schedule);
    return { ScheduleArn: schedule.arn };
  };
  const named = (input: Input): Schedule => {
    const { GroupName, Name } = readInput(naming, input);
    return groups.schedule(GroupName, Name);
  };
  return {
    CreateSchedule: (input, call) => {
      const schedule = readSchedule(input, call);
      const known = groups.find(schedule.GroupName).schedules.get(schedule.Name);
      if (known === undefined) return put(schedule);
      if (isSameRequest(known, schedule)) return { ScheduleArn: known.arn };
      throw taken(`Schedule ${schedule.Name}`);
    },
    UpdateSchedule: (input, call: Call) => {
      const schedule = readSchedule(input, call);
      const { createdAt } = groups.schedule(schedule.GroupName, schedule.Name);
      return put({ ...schedule, createdAt });
    },
    GetSchedule: (input) => shownSchedule(named(input)),
    DeleteSchedule: (input) => {
      const schedule = named(input);
      runner.stop(schedule);
      groups.find(schedule.GroupName).schedules.delete(schedule.Name);
    },
    ListSchedules: (input) => {
      const { GroupName, NamePrefix, State, ...paging } = readInput(listing, input);
      const among = GroupName === undefined ? groups.all() : [groups.find(GroupName)];
      const all = among
        .flatMap(({ schedules }) => [...schedules.values()])
        .filter(({ Name }) => Name.startsWith(NamePrefix))
        .filter((schedule) => State === undefined || schedule.State === State);
      const { items, NextToken } = page(all, paging);
      return { Schedules: items.map(summaryOf), NextToken };
    },
  };
}

/** A client that got no answer asks again with the same token, which the SDK makes up for each command. */
const isSameRequest = (known: Schedule, { ClientToken }: Schedule): boolean =>
  ClientToken !== undefined && known.ClientToken === ClientToken;
