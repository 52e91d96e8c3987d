import * as z from 'zod';
import { readInput } from '../call/input.ts';
import type { Operation } from '../call/service.ts';
import type { Groups, ScheduleGroup } from './groups.ts';
import { PAGING, page } from './page.ts';
import { NAME } from './read-schedule.ts';
import type { Runner } from './runner.ts';

const naming = z.object({ Name: NAME });
const listing = z.object({ ...PAGING, NamePrefix: z.string().max(64).default('') });

/** The operations on schedule groups; one that is deleted is gone at once, with its schedules. */
export function groupOperations(groups: Groups, runner: Runner): Record<string, Operation> {
  return {
    CreateScheduleGroup: (input, { now }) => ({
      ScheduleGroupArn: groups.create(readInput(naming, input).Name, now).arn,
    }),
    GetScheduleGroup: (input) => shown(groups.find(readInput(naming, input).Name)),
    DeleteScheduleGroup: (input) => {
      for (const schedule of groups.remove(readInput(naming, input).Name)) runner.stop(schedule);
    },
    ListScheduleGroups: (input) => {
      const { NamePrefix, ...paging } = readInput(listing, input);
      const all = groups.all().filter(({ name }) => name.startsWith(NamePrefix));
      const { items, NextToken } = page(all, paging);
      return { ScheduleGroups: items.map(shown), NextToken };
    },
  };
}

const shown = ({ name, arn, createdAt }: ScheduleGroup): object => ({
  Name: name,
  Arn: arn,
  State: 'ACTIVE',
  ...(createdAt === undefined
    ? {}
    : { CreationDate: new Date(createdAt), LastModificationDate: new Date(createdAt) }),
});
