import * as z from 'zod';
import { DAY, HOUR, MINUTE, parseDuration, parseInstant, SECOND } from '../../calendar/instant.ts';
import { parseRotationSchedule } from '../../calendar/rotation-schedule.ts';
import { FAILURE_CAUSES } from '../../simulator/secrets-manager/rotation/rotation-function.ts';
import { ROTATION_STEPS } from '../../simulator/secrets-manager/store/version-stages.ts';
import { FINDING_NAMES, SEVERITY_NAMES } from './finding-names.ts';
import type { BehaviourOfFunction, BehaviourOfSecret, Scenario } from './scenario.ts';

/** Operations of Secrets Manager that a timeline can do to a secret. */
const TIMELINE_OPERATIONS = [
  'RotateSecret',
  'CancelRotateSecret',
  'PutSecretValue',
  'UpdateSecret',
  'UpdateSecretVersionStage',
  'DeleteSecret',
  'RestoreSecret',
  'TagResource',
  'UntagResource',
  'GetSecretValue',
  'ReplicateSecretToRegions',
  'RemoveRegionsFromReplication',
] as const;

const DEEDS = [...TIMELINE_OPERATIONS, 'SetFunctionBehaviour', 'SetSecretBehaviour', 'advice'] as const;

const BEHAVIOURS = ['healthy', 'error', 'hang', 'slow', 'flaky', 'alternating-users'] as const;

/** A text that becomes something else; `expected` says what it should have been. */
function parsed<T>(expected: string, parse: (text: string) => T | undefined) {
  return z.string().transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

/** Milliseconds of a duration that a `rate()` of Scheduler can have; undefined when it can not. */
function wholeMinutes(text: string): number | undefined {
  const ms = parseDuration(text) ?? 0;
  return ms > 0 && ms % MINUTE === 0 ? ms : undefined;
}

/** Milliseconds of an ISO 8601 duration of days and less, such as `P3DT2H`; undefined when it is none. */
export function parseIsoDuration(text: string): number | undefined {
  const pattern = /^P(?=\d|T\d)(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$/;
  const matched = pattern.exec(text);
  if (matched === null) return undefined;
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = matched;
  return Number(days) * DAY + Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND;
}

const moment = parsed('a time after the start such as P3DT2H', parseIsoDuration);
const share = z.number().min(0).max(1).default(0);
const longest = parsed('a duration such as 5m', parseDuration).default(0);

const functionFields = {
  behaviour: z.enum(BEHAVIOURS).default('healthy'),
  cause: z.enum(FAILURE_CAUSES).optional(),
  step: z.enum(ROTATION_STEPS).optional(),
  times: z.int().min(1).optional(),
};

/** Parameters of `SetFunctionBehaviour`. */
export const functionBehaviour: z.ZodType<BehaviourOfFunction> = z.strictObject(functionFields);

/** Parameters of `SetSecretBehaviour`. */
export const secretBehaviour: z.ZodType<BehaviourOfSecret> = z.strictObject({
  leavesPending: z.boolean().optional(),
  managedFails: z.boolean().optional(),
  missesWindows: z.boolean().optional(),
  replication: z.enum(['works', 'fails', 'hangs']).optional(),
});

const schedule = z.string().superRefine((text, context) => {
  const rules = { automaticallyAfterDays: undefined, scheduleExpression: text, duration: undefined };
  const read = parseRotationSchedule(rules);
  if ('fault' in read) context.addIssue({ code: 'custom', message: `a rotation schedule: ${read.fault}` });
});

const secret = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9/_+=.@!-]{1,512}$/),
  kind: z.enum(['function', 'managed', 'replica', 'none']),
  function: z.string().optional(),
  schedule: schedule.optional(),
  duration: z
    .string()
    .regex(/^\d{1,2}h$/)
    .optional(),
  tags: z.record(z.string(), z.string()).optional(),
  replicas: z.array(z.string().regex(/^([a-z]+-)+\d+$/)).optional(),
});

const entry = z
  .strictObject({
    at: moment,
    do: z.enum(DEEDS),
    secret: z.string(),
    with: z.record(z.string(), z.unknown()).default({}),
  })
  .transform(({ at, ...rest }) => ({ ...rest, atMs: at }));

const faults = z
  .strictObject({
    drop: share,
    duplicate: share,
    delayMax: longest,
    listStaleMax: longest,
    describeStaleMax: longest,
    throttle: share,
    kill: share,
  })
  .prefault({})
  .transform(({ delayMax, listStaleMax, describeStaleMax, ...rest }) => ({
    ...rest,
    delayMaxMs: delayMax,
    listStaleMaxMs: listStaleMax,
    describeStaleMaxMs: describeStaleMax,
  }));

const announcement = z
  .strictObject({
    secret: z.string(),
    code: z.enum(FINDING_NAMES),
    severity: z.enum(SEVERITY_NAMES),
    by: moment.optional(),
  })
  .transform(({ by, ...rest }) => ({ ...rest, byMs: by }));

const expected = z
  .strictObject({
    announce: z.array(announcement).default([]),
    never: z
      .array(z.strictObject({ secret: z.string(), code: z.enum(FINDING_NAMES).optional() }))
      .default([]),
  })
  .prefault({});

/** A scenario file, version 1. Names that refer to each other are checked by `readScenario`. */
export const scenarioSchema: z.ZodType<Scenario> = z
  .strictObject({
    name: z.string().min(1),
    start: parsed('a time such as 2026-03-02T00:00:00Z', parseInstant),
    days: z.number().positive().max(3660),
    seed: z.int().min(0),
    sweepEvery: parsed('whole minutes such as 5m', wholeMinutes).default(5 * MINUTE),
    functions: z.array(z.strictObject({ name: z.string().min(1), ...functionFields })).default([]),
    secrets: z.array(secret).min(1),
    timeline: z.array(entry).default([]),
    faults,
    expect: expected,
  })
  .transform(({ sweepEvery, ...rest }) => ({ ...rest, sweepEveryMs: sweepEvery }));
