import * as z from 'zod';
import { AUDIT_CODES } from '../../monitor/domain/audit/audit-finding.ts';
import { FINDING_CODES, SEVERITIES } from '../../monitor/domain/finding/finding.ts';
import { adviceSchema } from './finding-schema.ts';

const secret = { secretArn: z.string(), secretName: z.string() };

const finding = z.strictObject({
  ...secret,
  code: z.enum(FINDING_CODES),
  severity: z.enum(SEVERITIES),
  since: z.iso.datetime(),
  unconfirmed: z.boolean().describe('Whether only the list of secrets shows it.'),
  what: z.string(),
  why: z.array(z.string()),
  changes: z.array(z.strictObject({ at: z.iso.datetime(), who: z.string(), what: z.string() })).optional(),
  blastRadius: z.string(),
  advice: z.array(adviceSchema),
  links: z.array(z.strictObject({ label: z.string(), url: z.string() })),
  acknowledge: z.string().nullable(),
});

const auditFinding = z.strictObject({
  ...secret,
  code: z.enum(AUDIT_CODES),
  severity: z.enum(SEVERITIES),
  since: z.iso.datetime().nullable(),
  what: z.string(),
  risk: z.string(),
  advice: z.array(adviceSchema),
});

/** Output of `rotation-monitor sweep --json`, version 1. */
export const sweepSchema: z.ZodType = z.strictObject({
  schemaVersion: z.literal(1),
  account: z.string().nullable(),
  region: z.string(),
  observed: z.number().int(),
  findings: z.array(finding),
  unverifiable: z.array(z.strictObject({ ...secret, reason: z.string() })),
  replicas: z.number().int(),
  audit: z.array(auditFinding).optional().describe('With --audit only.'),
  auditIncomplete: z.number().int().optional(),
  apiCalls: z.number().int(),
});
