import * as z from 'zod';
import { FINDING_CODES, SEVERITIES } from '../../monitor/domain/finding/finding.ts';
import { alertSchema } from './alert-schema.ts';

/** An instant in ISO 8601, UTC, in whole seconds. */
const time = z.iso.datetime();

const finding = z.strictObject({
  code: z.enum(FINDING_CODES),
  severity: z.enum(SEVERITIES),
  since: time,
  what: z.string(),
  why: z.array(z.string()),
  credentialInUse: z.enum(['good', 'broken', 'may-be-dead', 'unknown']),
  blastRadius: z.string(),
  failingStep: z.string().nullable(),
  changes: z.array(z.strictObject({ at: time, who: z.string(), what: z.string() })).nullable(),
  advice: z.array(z.strictObject({ text: z.string(), commands: z.array(z.string()) })),
});

/** The output of `rotation-monitor explain --json`, version 1. */
export const explainSchema: z.ZodType = z.strictObject({
  schemaVersion: z.literal(1),
  at: time,
  secret: z.strictObject({
    arn: z.string(),
    name: z.string(),
    account: z.string(),
    region: z.string(),
    rotationEnabled: z.boolean().nullable(),
    rotationFunctionArn: z.string().nullable(),
    schedule: z.string().nullable(),
    lastRotatedAt: time.nullable(),
    nextRotationAt: time.nullable(),
  }),
  versions: z.array(
    z.strictObject({ versionId: z.string(), stages: z.array(z.string()), createdAt: time.nullable() }),
  ),
  findings: z.array(finding),
  /** Open alerts that no look explains: only the monitor can see whether they still hold. */
  reported: z.array(
    z.strictObject({
      code: z.enum(FINDING_CODES),
      severity: z.enum(SEVERITIES),
      since: time,
      meaning: z.string(),
      remedy: z.string(),
    }),
  ),
  verdicts: z.array(
    z.strictObject({
      code: z.enum(FINDING_CODES),
      verdict: z.enum(['clear', 'not-applicable', 'found']),
      reason: z.string(),
    }),
  ),
  timeline: z.array(
    z.strictObject({
      at: time,
      what: z.string(),
      from: z.enum(['monitor', 'CloudTrail', 'Secrets Manager']),
    }),
  ),
  log: z.array(z.string()),
  deployment: z.string().nullable(),
  alerts: z.array(alertSchema).nullable(),
  repairs: z
    .array(
      z.strictObject({
        startedAt: time,
        statedBy: z.string(),
        outcome: z.string().nullable(),
        calls: z.array(
          z.strictObject({
            at: time,
            what: z.string(),
            state: z.enum(['done', 'failed', 'unknown']),
            isConfirmed: z.boolean(),
          }),
        ),
      }),
    )
    .nullable(),
  unknown: z.array(z.string()),
});
