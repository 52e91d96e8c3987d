import * as z from 'zod';
import { alertSchema } from './alert-schema.ts';

/** Output of `rotation-monitor ack --json`, version 1. */
export const ackSchema: z.ZodType = z.strictObject({
  schemaVersion: z.literal(1),
  deployment: z.string(),
  secretArn: z.string().nullable(),
  outcome: z.enum(['acknowledged', 'ended', 'no-open-alert', 'listed']),
  codes: z.array(z.string()),
  until: z.iso.datetime().nullable(),
  statedBy: z.string().nullable(),
  reason: z.string().nullable(),
  alerts: z.array(z.strictObject({ secretArn: z.string(), alert: alertSchema })),
});
