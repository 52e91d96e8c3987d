import * as z from 'zod';
import { SEVERITIES } from '../../monitor/domain/finding/finding.ts';

/** Output of `rotation-monitor fix --function … --json`, version 1. */
export const fixFunctionSchema: z.ZodType = z.strictObject({
  schemaVersion: z.literal(1),
  functionArn: z.string(),
  outcome: z.enum(['nothing', 'planned', 'repaired', 'stopped']),
  because: z.string().nullable(),
  secrets: z.array(
    z.strictObject({
      secretArn: z.string(),
      secretName: z.string(),
      severity: z.enum(SEVERITIES).nullable(),
      isTrial: z.boolean(),
      outcome: z.enum(['planned', 'refused', 'repaired', 'disproven', 'stopped', 'not-tried']),
      because: z.string().nullable(),
    }),
  ),
});
