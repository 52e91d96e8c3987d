import * as z from 'zod';

/** Output of `rotation-monitor audit verify --json`, version 1. */
export const auditVerifySchema: z.ZodType = z.strictObject({
  schemaVersion: z.literal(1),
  whole: z.boolean(),
  head: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  manifests: z.array(
    z.strictObject({
      key: z.string(),
      readAt: z.iso.datetime().nullable(),
      files: z.number().int(),
      faults: z.array(z.string()),
      unread: z.array(z.string()),
    }),
  ),
  faults: z.array(z.string()),
  unproven: z.array(z.string()),
});

const settled = z.array(z.strictObject({ id: z.string(), because: z.string() }));

/** Output of `rotation-monitor audit push security-hub --json`, version 1. */
export const auditPushSchema: z.ZodType = z.strictObject({
  schemaVersion: z.literal(1),
  dryRun: z.boolean(),
  created: z.number().int(),
  updated: z.number().int(),
  archived: settled,
  left: settled,
  failed: z.array(
    z.strictObject({ id: z.string(), code: z.string(), message: z.string(), retryable: z.boolean() }),
  ),
  unverifiable: z.array(z.strictObject({ secretArn: z.string(), because: z.string() })),
  unreached: z.array(z.strictObject({ account: z.string(), region: z.string(), because: z.string() })),
  brokeOff: z.string().nullable(),
});
