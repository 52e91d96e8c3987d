import * as z from 'zod';
import { FINDING_CODES, SEVERITIES } from '../../monitor/domain/finding/finding.ts';
import { alertSchema } from './alert-schema.ts';

/** An instant in ISO 8601, UTC, in whole seconds. */
const time = z.iso.datetime();

/** The output of `rotation-monitor status --json`, version 1. */
export const statusSchema: z.ZodType = z.strictObject({
  schemaVersion: z.literal(1),
  at: time,
  regions: z.array(z.string()),
  monitors: z.array(
    z.strictObject({
      region: z.string(),
      deployment: z.string().nullable(),
      lastSweepAt: time.nullable(),
      lastAuditAt: time.nullable(),
      openAlerts: z.number().int().nullable(),
    }),
  ),
  observed: z.number().int(),
  secrets: z.array(
    z.strictObject({
      secretArn: z.string(),
      secretName: z.string(),
      region: z.string(),
      rotationEnabled: z.boolean().nullable(),
      hasCurrent: z.boolean(),
      inProgress: z.boolean(),
      pendingSince: time.nullable(),
      lastRotatedAt: time.nullable(),
      nextRotationAt: time.nullable(),
      owner: z.string().nullable(),
      alerts: z.array(alertSchema).nullable(),
      finding: z
        .strictObject({
          code: z.enum(FINDING_CODES),
          severity: z.enum(SEVERITIES),
          since: time,
          what: z.string(),
        })
        .nullable(),
    }),
  ),
  unknown: z.array(z.string()),
  notLookedAt: z.array(z.strictObject({ region: z.string(), because: z.string() })),
});
