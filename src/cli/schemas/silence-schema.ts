import * as z from 'zod';

/** Output of `rotation-monitor silence --json`, version 1. */
export const silenceSchema: z.ZodType = z.strictObject({
  schemaVersion: z.literal(1),
  secretArn: z.string().nullable(),
  outcome: z.enum(['silenced', 'ended', 'listed']),
  until: z.iso.datetime().nullable(),
  reason: z.string().nullable(),
  silences: z.array(
    z.strictObject({
      secretArn: z.string(),
      secretName: z.string(),
      until: z.iso.datetime(),
      reason: z.string(),
    }),
  ),
});
