import * as z from 'zod';

const calls = z.strictObject({
  calls: z.number().int().min(0),
  usd: z.number().min(0),
  secondTrailUsd: z
    .number()
    .min(0)
    .describe('In each further copy of management events that a trail delivers.'),
});

const saving = z.strictObject({
  schemaVersion: z.literal(1),
  callsPerHour: z.number().describe('Reads of one secret by all processes together.'),
  processes: z.number(),
  ttlSeconds: z.number(),
  hours: z.number(),
  direct: calls,
  cache: calls,
  agent: z.strictObject({ least: calls, most: calls }),
});

const account = z.strictObject({
  schemaVersion: z.literal(1),
  region: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  operations: z.array(calls.extend({ operation: z.string() })),
  secrets: z.number().nullable().describe('Null where nobody knows how many there are.'),
  secretsUsd: z.number().nullable(),
  monitor: z
    .strictObject({
      secrets: z.number(),
      services: z.array(z.strictObject({ service: z.string(), usd: z.number() })),
      usd: z.number().describe('Without dashboards and without further trails.'),
      dashboardsUsd: z.number(),
      secondTrailUsd: z.number().describe('Its own calls in a further copy of management events.'),
    })
    .nullable(),
});

/**
 * Output of `rotation-monitor cost --json`, version 1: what a cache saves, with `--calls-per-hour`, or else what a month
 * of an account and region costs. Amounts are USD of us-east-1, rounded to cents, without free tier and tax.
 */
export const costSchema: z.ZodType = z.union([saving, account]);
