import * as z from 'zod';
import { AUDIT_CODES } from '../../monitor/domain/audit/audit-finding.ts';
import { CHANGE_KINDS } from '../../monitor/domain/report/change-entry.ts';
import { CONTROL_IDS } from '../../monitor/domain/report/control.ts';

/** An instant in ISO 8601, UTC, in whole seconds. */
const time = z.iso.datetime();
const count = z.number().int();
const control = z.enum(CONTROL_IDS);
const uncovered = z.array(z.strictObject({ what: z.string(), because: z.string() }));

const figureOf = (value: z.ZodType): z.ZodType =>
  z.strictObject({
    value: value.nullable(),
    basis: z.enum(['observed', 'inferred', 'unknown']),
    because: z.string().nullable(),
  });
const number = figureOf(z.number());

const exception = z.strictObject({
  secretArn: z.string(),
  control,
  reason: z.string(),
  ticket: z.string().nullable(),
  requestedBy: z.string(),
  approvedBy: z.string(),
  grantedAt: time,
  until: time,
});

const rotation = z.strictObject({
  versionId: z.string().nullable(),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  outcome: z.enum(['succeeded', 'abandoned', 'under-way']),
  failures: z.array(z.strictObject({ at: time, step: z.string().nullable() })),
  repairMs: z.number().nullable(),
  basis: z.enum(['observed', 'inferred']),
});

const change = z.strictObject({
  kind: z.enum(CHANGE_KINDS),
  at: time,
  notBefore: time.nullable(),
  actor: z.string().nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

const verdict = z.strictObject({
  control,
  status: z.enum(['ok', 'alarm', 'info', 'skip', 'error']),
  reason: z.string(),
  evidence: z.array(z.string()),
  exception: exception.nullable(),
  securityHub: z.string().nullable(),
  securityHubBecause: z.string().nullable(),
});

const finding = z.strictObject({
  code: z.enum(AUDIT_CODES),
  severity: z.enum(['INFORMATIONAL', 'LOW']),
  since: time.nullable(),
  what: z.string(),
  risk: z.string(),
  advice: z.array(z.strictObject({ text: z.string(), commands: z.array(z.string()) })),
});

const secret = z.strictObject({
  secretArn: z.string(),
  secretName: z.string(),
  account: z.string(),
  region: z.string(),
  owner: z.string().nullable(),
  coverage: z.enum(['checked', 'unverifiable', 'excluded']),
  coverageReason: z.string().nullable(),
  createdAt: time.nullable(),
  deletedAt: time.nullable(),
  rotationEnabled: z.boolean(),
  schedule: z.string().nullable(),
  windowsDue: number,
  rotationsCompleted: number,
  windowsMissed: number,
  failures: number,
  longestRepairMs: number,
  longestExposureMs: number,
  currentAgeMs: number,
  lastAccessedAt: figureOf(time),
  lastTestedAt: figureOf(time),
  windowsInBusinessHours: number,
  slowerThanPolicy: figureOf(z.boolean()),
  rotations: z.array(rotation),
  changes: z.array(change),
  exceptions: z.array(exception),
  silence: z.strictObject({ until: time, reason: z.string() }).nullable(),
  controls: z.array(verdict),
  findings: z.array(finding),
});

const provenance = z.strictObject({
  period: z.strictObject({ from: time, to: time, label: z.string().nullable() }),
  readAt: time,
  version: z.string(),
  identity: z.string(),
  parameters: z.record(z.string(), z.string()),
  exceptionsHash: z.string(),
  historySince: time.nullable(),
  sample: z.strictObject({ size: count, seed: z.string() }).nullable(),
});

const summary = z.strictObject({
  population: z.array(
    z.strictObject({
      account: z.string(),
      region: z.string(),
      opening: count.nullable(),
      created: count,
      restored: count,
      deleted: count,
      closing: count.nullable(),
      difference: count.nullable(),
    }),
  ),
  coverage: z.strictObject({
    checked: count,
    unverifiable: uncovered,
    unverifiableCount: count,
    excluded: count,
    notSwept: uncovered,
    unwatchedPrimaries: uncovered,
  }),
  controls: z.record(
    control,
    z.strictObject({ ok: count, alarm: count, info: count, skip: count, error: count }),
  ),
  securityHub: z.partialRecord(control, z.record(z.string(), count)),
  totals: z.strictObject({
    secrets: count,
    windowsDue: count.nullable(),
    rotationsCompleted: count.nullable(),
    windowsMissed: count.nullable(),
    failures: count.nullable(),
    inferred: count,
    unknown: count,
  }),
  trend: z.array(z.strictObject({ from: time, completed: count, failures: count })),
  expiringExceptions: z.array(exception),
  notVerifiable: uncovered,
  calls: z
    .record(z.string(), count)
    .describe(
      'Calls to Secrets Manager and Security Hub; further tries, STS, memory and store are not counted.',
    ),
});

/** The output of `rotation-monitor audit --json`, version 1. */
export const auditSchema: z.ZodType = z.strictObject({
  schemaVersion: z.literal(1),
  provenance,
  secrets: z.array(secret),
  summary,
});
