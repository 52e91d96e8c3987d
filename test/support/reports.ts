import type { AuditStream, AuditSummary, Provenance } from '../../src/monitor/domain/report/audit-report.ts';
import { CONTROL_IDS } from '../../src/monitor/domain/report/control.ts';
import type { ControlVerdict } from '../../src/monitor/domain/report/control-verdict.ts';
import { inferred, observed, unknown } from '../../src/monitor/domain/report/figure.ts';
import type { SecretAudit } from '../../src/monitor/domain/report/secret-audit.ts';
import { type ReportFormat, writeReport } from '../../src/monitor/domain/report-format/write-report.ts';
import { at } from './builders.ts';

/** Inputs of a report of the first quarter. */
export const aProvenance = (given: Partial<Provenance> = {}): Provenance => ({
  period: { from: at('2026-01-01T00:00:00Z'), to: at('2026-04-01T00:00:00Z'), label: '2026-Q1' },
  readAt: at('2026-04-01T06:00:00Z'),
  version: '0.1.0',
  identity: 'arn:aws:sts::111122223333:assumed-role/auditor/ada',
  parameters: { 'unused-after': '90 days', 'max-age': '90 days' },
  exceptionsHash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  historySince: at('2025-11-01T00:00:00Z'),
  ...given,
});

/** A verdict that is ok. */
export const aVerdict = (given: Partial<ControlVerdict> = {}): ControlVerdict => ({
  control: 'SecretsManager.1',
  status: 'ok',
  reason: 'Automatic rotation is on.',
  evidence: ['RotationEnabled: true'],
  ...given,
});

const REPAIR_MS = 5_400_000;

/** A secret that rotated three times, once after a failure. */
export const aSecretAudit = (given: Partial<SecretAudit> = {}): SecretAudit => ({
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-AbCdEf',
  secretName: 'prod/orders/db',
  account: '111122223333',
  region: 'eu-west-1',
  owner: 'orders team',
  coverage: 'checked',
  coverageReason: undefined,
  createdAt: at('2025-06-01T09:00:00Z'),
  deletedAt: undefined,
  rotationEnabled: true,
  schedule: 'rate(30 days)',
  windowsDue: observed(3),
  rotationsCompleted: observed(3),
  windowsMissed: inferred(0, 'the event of February was not received'),
  failures: observed(1),
  longestRepairMs: observed(REPAIR_MS),
  longestExposureMs: observed(0),
  currentAgeMs: observed(864_000_000),
  lastAccessedAt: observed(at('2026-03-31T00:00:00Z')),
  lastTestedAt: unknown('no test rotation was seen'),
  windowsInBusinessHours: observed(1),
  slowerThanPolicy: observed(false),
  rotations: [
    {
      versionId: '11111111-1111-4111-8111-111111111111',
      startedAt: at('2026-02-10T00:10:00Z'),
      endedAt: at('2026-02-10T01:40:00Z'),
      outcome: 'succeeded',
      failures: [{ at: at('2026-02-10T00:11:00Z'), step: 'setSecret' }],
      repairMs: REPAIR_MS,
      basis: 'observed',
    },
  ],
  changes: [
    {
      secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-AbCdEf',
      kind: 'schedule-changed',
      at: at('2026-01-20T10:00:00Z'),
      actor: 'arn:aws:sts::111122223333:assumed-role/admin/eve',
      before: 'rate(60 days)',
      after: 'rate(30 days)',
    },
  ],
  exceptions: [],
  silence: undefined,
  controls: CONTROL_IDS.map((control) => aVerdict({ control })),
  findings: [],
  ...given,
});

const NONE = { ok: 0, alarm: 0, info: 0, skip: 0, error: 0 };

/** The end of a report about one secret. */
export const aSummary = (given: Partial<AuditSummary> = {}): AuditSummary => ({
  population: [
    {
      account: '111122223333',
      region: 'eu-west-1',
      opening: 1,
      created: 0,
      restored: 0,
      deleted: 0,
      closing: 1,
      difference: 0,
    },
  ],
  coverage: {
    checked: 1,
    unverifiable: [],
    unverifiableCount: 0,
    excluded: 0,
    notSwept: [],
    unwatchedPrimaries: [],
  },
  controls: {
    'SecretsManager.1': { ...NONE, ok: 1 },
    'SecretsManager.2': { ...NONE, ok: 1 },
    'SecretsManager.3': { ...NONE, ok: 1 },
    'SecretsManager.4': { ...NONE, ok: 1 },
    'SecretsManager.5': { ...NONE, ok: 1 },
    'PCI-DSS-4.0.1-8.6.3': { ...NONE, ok: 1 },
    'PCI-DSS-4.0.1-8.3.9': { ...NONE, ok: 1 },
    'NIST-800-53-r5-IA-5-f': { ...NONE, ok: 1 },
  },
  securityHub: {},
  totals: {
    secrets: 1,
    windowsDue: 3,
    rotationsCompleted: 3,
    windowsMissed: 0,
    failures: 1,
    inferred: 1,
    unknown: 1,
  },
  trend: [
    { from: at('2026-01-01T00:00:00Z'), completed: 1, failures: 0 },
    { from: at('2026-02-01T00:00:00Z'), completed: 1, failures: 1 },
    { from: at('2026-03-01T00:00:00Z'), completed: 1, failures: 0 },
  ],
  expiringExceptions: [],
  notVerifiable: [{ what: 'Whether the old credential still works', because: 'no API shows it' }],
  calls: { 'secretsmanager:ListSecrets': 1 },
  ...given,
});

/** A report as a stream of the given secrets. */
export const aStream = (
  secrets: readonly SecretAudit[] = [aSecretAudit()],
  summary: AuditSummary = aSummary(),
  provenance: Provenance = aProvenance(),
): AuditStream => ({
  provenance,
  secrets: (async function* () {
    yield* secrets;
  })(),
  summary: async () => summary,
});

/** The whole text of a report. */
export async function written(format: ReportFormat, stream: AuditStream = aStream()): Promise<string> {
  const pieces: string[] = [];
  await writeReport(format, stream, { write: async (text) => void pieces.push(text) });
  return pieces.join('');
}
