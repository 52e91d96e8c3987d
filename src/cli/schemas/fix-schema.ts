import * as z from 'zod';
import { FINDING_CODES } from '../../monitor/domain/finding/finding.ts';
import { ROTATION_STEPS } from '../../monitor/domain/rotation/rotation-event.ts';

/** An instant in ISO 8601, UTC. */
const time = z.iso.datetime();

const call = z.strictObject({
  kind: z.enum(['keep', 'restore', 'prove', 'finish', 'promote', 'remove']),
  label: z.string().nullable(),
  to: z.string().nullable(),
  from: z.string().nullable(),
  change: z.string(),
  risk: z.string(),
});

/** A plan as `fix --out` stores it. */
export const planSchema: z.ZodType<PlanFile> = z.strictObject({
  schemaVersion: z.literal(1),
  account: z.string().regex(/^\d{12}$/),
  region: z.string(),
  secretArn: z.string(),
  secretName: z.string(),
  code: z.enum(FINDING_CODES),
  current: z.string(),
  pending: z.string(),
  reached: z.enum(ROTATION_STEPS).nullable(),
  function: z.strictObject({ arn: z.string(), codeSha256: z.string().nullable() }).nullable(),
  calls: z.array(call),
  madeBy: z.string(),
  madeAt: time,
});

/** A plan in a file: whoever applies it gets exactly these calls, or none. */
export interface PlanFile {
  readonly schemaVersion: 1;
  readonly account: string;
  readonly region: string;
  readonly secretArn: string;
  readonly secretName: string;
  readonly code: (typeof FINDING_CODES)[number];
  readonly current: string;
  readonly pending: string;
  readonly reached: (typeof ROTATION_STEPS)[number] | null;
  readonly function: { readonly arn: string; readonly codeSha256: string | null } | null;
  readonly calls: readonly {
    readonly kind: 'keep' | 'restore' | 'prove' | 'finish' | 'promote' | 'remove';
    readonly label: string | null;
    readonly to: string | null;
    readonly from: string | null;
    readonly change: string;
    readonly risk: string;
  }[];
  /** ARN of the caller, as STS reported it. */
  readonly madeBy: string;
  readonly madeAt: string;
}

/** The output of `rotation-monitor fix --json`, version 1. */
export const fixSchema: z.ZodType = z.strictObject({
  schemaVersion: z.literal(1),
  secretArn: z.string(),
  outcome: z.enum(['nothing', 'refused', 'planned', 'repaired', 'disproven', 'stopped']),
  because: z.string().nullable(),
  refusal: z.string().nullable(),
  plan: planSchema.nullable(),
  sent: z.array(
    z.strictObject({
      kind: z.string(),
      state: z.enum(['done', 'failed', 'unknown']),
      because: z.string().nullable(),
    }),
  ),
  record: z
    .strictObject({
      state: z.enum(['recorded', 'no-monitor', 'denied', 'declined']),
      why: z.string().nullable(),
    })
    .nullable(),
  stages: z.record(z.string(), z.array(z.string())).nullable(),
  advice: z.array(z.strictObject({ text: z.string(), commands: z.array(z.string()) })),
  unknown: z.array(z.string()),
});
