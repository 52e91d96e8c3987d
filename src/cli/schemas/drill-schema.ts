import * as z from 'zod';

const at = z.iso.datetime();
const secret = { secretName: z.string(), secretArn: z.string() };
const count = z.number().int().min(0);

/** Output of `rotation-monitor drill --json`, version 1; docs/scenarios.md describes its fields. */
export const drillSchema: z.ZodType = z.strictObject({
  schemaVersion: z.literal(1),
  scenario: z.string(),
  seed: count,
  from: at,
  to: at,
  secrets: z.array(
    z.strictObject({
      ...secret,
      kind: z.string(),
      rotations: count,
      state: z.string(),
      alerts: z.array(z.string()),
    }),
  ),
  sweeps: z.strictObject({ count }),
  events: z.strictObject({ emitted: count, delivered: count, unrecognised: count }),
  apiCalls: z.record(z.string(), count),
  alerts: z.array(
    z.strictObject({
      ...secret,
      code: z.string(),
      severity: z.string(),
      transition: z.string(),
      reason: z.string(),
      at,
      subject: z.string(),
      text: z.string(),
    }),
  ),
  metrics: z.record(z.string(), z.number()),
  verdicts: z.array(
    z.strictObject({
      secret: z.string(),
      code: z.string().nullable(),
      expected: z.enum(['announce', 'never']),
      ok: z.boolean(),
      at: at.nullable(),
    }),
  ),
});
