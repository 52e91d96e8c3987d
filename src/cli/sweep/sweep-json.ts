import { formatInstant } from '../../calendar/instant.ts';
import type { AuditedSecret } from '../../monitor/application/audit/audit-secrets.ts';
import type { Change } from '../../monitor/domain/finding/change.ts';
import { printableJson } from '../terminal/output.ts';
import { acknowledgementOf, linksOfFinding, type SecretFinding, type SweepResult } from './sweep-result.ts';

/** Version of the shape that {@link sweepJson} writes; it changes when a field goes or changes its meaning. */
const SCHEMA_VERSION = 1;

/** A sweep as programs read it; points in time in ISO 8601, UTC. */
export function sweepJson(result: SweepResult): string {
  const { account, region, observed, findings, unverifiable, replicas, audit, apiCalls } = result;
  return printableJson({
    schemaVersion: SCHEMA_VERSION,
    account: account ?? null,
    region,
    observed,
    findings: findings.map((finding) => findingJson(finding, result)),
    unverifiable,
    replicas,
    ...(audit && { audit: audit.findings.map(auditJson), auditIncomplete: audit.incomplete }),
    apiCalls,
  });
}

const auditJson = (finding: AuditedSecret): object => ({
  secretArn: finding.secretArn,
  secretName: finding.secretName,
  code: finding.code,
  severity: finding.severity,
  since: finding.since === undefined ? null : formatInstant(finding.since),
  what: finding.what,
  risk: finding.risk,
  advice: finding.advice,
});

const changeJson = ({ at, who, what }: Change): object => ({ at: formatInstant(at), who, what });

const findingJson = (finding: SecretFinding, result: SweepResult): object => ({
  secretArn: finding.secretArn,
  secretName: finding.secretName,
  code: finding.code,
  severity: finding.severity,
  since: formatInstant(finding.since),
  unconfirmed: finding.isUnconfirmed,
  what: finding.what,
  why: finding.why,
  ...(finding.changes && { changes: finding.changes.map(changeJson) }),
  blastRadius: finding.blastRadius,
  advice: finding.advice,
  links: linksOfFinding(finding, result),
  acknowledge: acknowledgementOf(finding, result) ?? null,
});
