import * as z from 'zod';
import { CONTROL_IDS } from '../../monitor/domain/report/control.ts';

/** Output of `rotation-monitor except --json`, version 1. */
export const exceptSchema: z.ZodType = z.strictObject({
  schemaVersion: z.literal(1),
  /** Null where a file keeps the exceptions. */
  deployment: z.string().nullable(),
  file: z.string().nullable(),
  secretArn: z.string().nullable(),
  outcome: z.enum(['requested', 'granted', 'ended', 'refused', 'listed']),
  because: z.string().nullable(),
  exceptions: z.array(
    z.strictObject({
      id: z.string().nullable(),
      state: z.enum(['requested', 'not-begun', 'in-force', 'expired', 'ended']),
      endsSoon: z.boolean(),
      secretArn: z.string(),
      control: z.enum(CONTROL_IDS),
      reason: z.string(),
      ticket: z.string().nullable(),
      requestedBy: z.string(),
      requestedAt: z.iso.datetime().nullable(),
      approvedBy: z.string().nullable(),
      grantedAt: z.iso.datetime().nullable(),
      until: z.iso.datetime(),
      endedBy: z.string().nullable(),
      endedAt: z.iso.datetime().nullable(),
    }),
  ),
});
