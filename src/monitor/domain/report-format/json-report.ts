import { formatInstant, type Instant } from '../../../calendar/instant.ts';
import type { AuditFinding } from '../audit/audit-finding.ts';
import type { AuditException } from '../report/audit-exception.ts';
import type { AuditSummary, Provenance } from '../report/audit-report.ts';
import type { ChangeEntry } from '../report/change-entry.ts';
import type { ControlVerdict } from '../report/control-verdict.ts';
import type { Figure } from '../report/figure.ts';
import type { AuditedRotation, SecretAudit } from '../report/secret-audit.ts';
import type { ReportWriter } from './report-writer.ts';

/** Version of the shape of JSON reports; it changes when a field goes or changes its meaning. */
const SCHEMA_VERSION = 1;

/** One JSON object with a line for each secret: `docs/schemas/audit.json` is its schema. */
export const jsonReport = (): ReportWriter => {
  let separator = '';
  return {
    begin: (provenance) =>
      `{"schemaVersion":${SCHEMA_VERSION},\n"provenance":${JSON.stringify(provenanceJson(provenance))},\n"secrets":[`,
    secret: (secret) => {
      const line = `${separator}\n${JSON.stringify(secretJson(secret))}`;
      separator = ',';
      return line;
    },
    end: (summary) => `\n],\n"summary":${JSON.stringify(summaryJson(summary))}}\n`,
  };
};

/** Inputs of a report, as programs read them. */
const provenanceJson = ({ period, sample, ...provenance }: Provenance): object => ({
  period: { from: timeJson(period.from), to: timeJson(period.to), label: period.label ?? null },
  readAt: timeJson(provenance.readAt),
  version: provenance.version,
  identity: provenance.identity,
  parameters: provenance.parameters,
  exceptionsHash: provenance.exceptionsHash,
  historySince: timeJson(provenance.historySince),
  sample: sample ?? null,
});

/** The end of a report, as programs read it. */
const summaryJson = (summary: AuditSummary): object => ({
  population: summary.population.map(({ opening, closing, difference, ...row }) => ({
    account: row.account,
    region: row.region,
    opening: opening ?? null,
    created: row.created,
    restored: row.restored,
    deleted: row.deleted,
    closing: closing ?? null,
    difference: difference ?? null,
  })),
  coverage: summary.coverage,
  controls: summary.controls,
  securityHub: summary.securityHub,
  totals: {
    ...summary.totals,
    windowsDue: summary.totals.windowsDue ?? null,
    rotationsCompleted: summary.totals.rotationsCompleted ?? null,
    windowsMissed: summary.totals.windowsMissed ?? null,
    failures: summary.totals.failures ?? null,
  },
  trend: summary.trend.map(({ from, completed, failures }) => ({
    from: timeJson(from),
    completed,
    failures,
  })),
  expiringExceptions: summary.expiringExceptions.map(exceptionJson),
  notVerifiable: summary.notVerifiable,
  calls: summary.calls,
});

/** A moment as programs read it: ISO 8601 in UTC; null when there is none. */
export const timeJson = (at: Instant | undefined): string | null =>
  at === undefined ? null : formatInstant(at);

/** One secret of a report as programs read it. Durations in milliseconds. */
const secretJson = (secret: SecretAudit): object => ({
  secretArn: secret.secretArn,
  secretName: secret.secretName,
  account: secret.account,
  region: secret.region,
  owner: secret.owner ?? null,
  coverage: secret.coverage,
  coverageReason: secret.coverageReason ?? null,
  createdAt: timeJson(secret.createdAt),
  deletedAt: timeJson(secret.deletedAt),
  rotationEnabled: secret.rotationEnabled,
  schedule: secret.schedule ?? null,
  windowsDue: figureJson(secret.windowsDue),
  rotationsCompleted: figureJson(secret.rotationsCompleted),
  windowsMissed: figureJson(secret.windowsMissed),
  failures: figureJson(secret.failures),
  longestRepairMs: figureJson(secret.longestRepairMs),
  longestExposureMs: figureJson(secret.longestExposureMs),
  currentAgeMs: figureJson(secret.currentAgeMs),
  lastAccessedAt: timeFigureJson(secret.lastAccessedAt),
  lastTestedAt: timeFigureJson(secret.lastTestedAt),
  windowsInBusinessHours: figureJson(secret.windowsInBusinessHours),
  slowerThanPolicy: figureJson(secret.slowerThanPolicy),
  rotations: secret.rotations.map(rotationJson),
  changes: secret.changes.map(changeJson),
  exceptions: secret.exceptions.map(exceptionJson),
  silence: secret.silence ? { until: timeJson(secret.silence.until), reason: secret.silence.reason } : null,
  controls: secret.controls.map(verdictJson),
  findings: secret.findings.map(findingJson),
});

const figureJson = ({ value, basis, because }: Figure<number | boolean | string>): object => ({
  value: value ?? null,
  basis,
  because: because ?? null,
});

const timeFigureJson = ({ value, ...rest }: Figure<Instant>): object =>
  figureJson({ ...rest, value: value === undefined ? undefined : formatInstant(value) });

const rotationJson = ({ versionId, failures, repairMs, ...rotation }: AuditedRotation): object => ({
  versionId: versionId ?? null,
  startedAt: timeJson(rotation.startedAt),
  endedAt: timeJson(rotation.endedAt),
  outcome: rotation.outcome,
  failures: failures.map(({ at, step }) => ({ at: timeJson(at), step: step ?? null })),
  repairMs: repairMs ?? null,
  basis: rotation.basis,
});

const changeJson = ({ kind, at, notBefore, actor, before, after }: ChangeEntry): object => ({
  kind,
  at: timeJson(at),
  notBefore: timeJson(notBefore),
  actor: actor ?? null,
  before: before ?? null,
  after: after ?? null,
});

/** An exception as programs read it. */
const exceptionJson = (exception: AuditException): object => ({
  secretArn: exception.secretArn,
  control: exception.control,
  reason: exception.reason,
  ticket: exception.ticket ?? null,
  requestedBy: exception.requestedBy,
  approvedBy: exception.approvedBy,
  grantedAt: timeJson(exception.grantedAt),
  until: timeJson(exception.until),
});

const verdictJson = ({ exception, securityHub, ...verdict }: ControlVerdict): object => ({
  control: verdict.control,
  status: verdict.status,
  reason: verdict.reason,
  evidence: verdict.evidence,
  exception: exception ? exceptionJson(exception) : null,
  securityHub: securityHub ? (securityHub.value ?? securityHub.basis) : null,
  securityHubBecause: securityHub?.because ?? null,
});

const findingJson = ({ code, severity, since, what, risk, advice }: AuditFinding): object => ({
  code,
  severity,
  since: timeJson(since),
  what,
  risk,
  advice,
});
