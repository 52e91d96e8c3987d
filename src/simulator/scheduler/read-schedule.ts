import * as z from 'zod';
import { type Instant, instant, later, MINUTE } from '../../calendar/instant.ts';
import { readInput } from '../call/input.ts';
import type { Call, Input } from '../call/service.ts';
import { invalid } from './errors.ts';
import { DEFAULT_GROUP, type Schedule, type ScheduleTarget } from './schedule.ts';
import { scheduleTimes } from './schedule-expression.ts';
import { timeZone } from './time-zone.ts';

/** Names of schedules and groups. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
export const NAME: z.ZodType<string> = z.string().regex(/^[0-9a-zA-Z-_.]{1,64}$/);

/** A StartDate may lie this far in the past. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
const EARLIEST_START_MS: number = 5 * MINUTE;

const time = z
  .number()
  .transform((seconds) => instant(seconds * 1000))
  .optional();

const target = z.object({
  Arn: z.string().min(1).max(1600),
  RoleArn: z.string().regex(/^arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@/-]+$/),
  Input: z.string().min(1).optional(),
  DeadLetterConfig: z
    .object({
      Arn: z
        .string()
        .regex(/^arn:aws(-[a-z]+)?:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9-_]+$/)
        .optional(),
    })
    .optional(),
  RetryPolicy: z
    .object({
      MaximumEventAgeInSeconds: z.int().min(60).max(86_400).default(86_400),
      MaximumRetryAttempts: z.int().min(0).max(185).default(185),
    })
    .prefault({}),
});

const schedule = z.object({
  Name: NAME,
  GroupName: NAME.default(DEFAULT_GROUP),
  ScheduleExpression: z.string().min(1).max(256),
  ScheduleExpressionTimezone: z.string().min(1).max(50).default('UTC'),
  StartDate: time,
  EndDate: time,
  Description: z.string().max(512).optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  FlexibleTimeWindow: z
    .object({
      Mode: z.enum(['OFF', 'FLEXIBLE']),
      MaximumWindowInMinutes: z.int().min(1).max(1440).optional(),
    })
    .refine(({ Mode, MaximumWindowInMinutes: minutes }) => (Mode === 'FLEXIBLE') === (minutes !== undefined)),
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  ClientToken: z.string().min(1).max(64).optional(),
  KmsKeyArn: z.string().min(1).max(2048).optional(),
  Target: target,
});

/** The schedule that a CreateSchedule or UpdateSchedule describes; one that is left out of an update is back at its default. */
export function readSchedule(input: Input, { now, account, region }: Call): Schedule {
  const settings = readInput(schedule, input);
  const { Name, GroupName, ScheduleExpression, ScheduleExpressionTimezone, StartDate, Target } = settings;
  const zone = timeZone(ScheduleExpressionTimezone);
  if (zone === undefined)
    throw invalid(`Invalid Schedule Expression Timezone ${ScheduleExpressionTimezone}.`);
  const times = scheduleTimes(ScheduleExpression, { zone, anchor: StartDate ?? now });
  if (times === undefined) throw invalid(`Invalid Schedule Expression ${ScheduleExpression}.`);
  if (!times.isOneTime) checkStart(StartDate, now);
  checkTarget(Target);
  const arn = `arn:aws:scheduler:${region}:${account}:schedule/${GroupName}/${Name}`;
  return { ...settings, arn, times, createdAt: now, changedAt: now };
}

function checkStart(startsAt: Instant | undefined, now: Instant): void {
  if (startsAt !== undefined && startsAt < later(now, -EARLIEST_START_MS)) {
    throw invalid('The StartDate you specify cannot be earlier than 5 minutes ago.');
  }
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/troubleshooting.html#troubleshooting-temp-universal-target */
function checkTarget({ Arn, Input: text }: ScheduleTarget): void {
  const [, service] = /^arn:[\w-]+:([\w-]+):[\w-]*:\d*:.+$/.exec(Arn) ?? [];
  if (service === undefined) throw invalid('Provided Arn is not in correct format.');
  if (service !== 'lambda' && service !== 'sqs')
    throw invalid(`${service} is not a supported service for a target.`);
  if (service === 'lambda' && text !== undefined && !isJson(text)) {
    throw invalid('Invalid Input: the input of a Lambda target must be well-formed JSON.');
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
