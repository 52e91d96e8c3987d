import { formatInstant } from '../../domain/instant.ts';
import type { SecretFinding, SweepResult } from './sweep-result.ts';

/** Version of the shape that {@link sweepJson} writes; it changes when a field goes or changes its meaning. */
const SCHEMA_VERSION = 1;

/** A sweep as programs read it; points in time in ISO 8601, UTC. */
export const sweepJson = ({
  account,
  region,
  observed,
  findings,
  unverifiable,
  apiCalls,
}: SweepResult): string =>
  JSON.stringify(
    {
      schemaVersion: SCHEMA_VERSION,
      account: account ?? null,
      region,
      observed,
      findings: findings.map(findingJson),
      unverifiable,
      apiCalls,
    },
    undefined,
    2,
  );

const findingJson = (finding: SecretFinding): object => ({
  secretArn: finding.secretArn,
  secretName: finding.secretName,
  code: finding.code,
  severity: finding.severity,
  since: formatInstant(finding.since),
  what: finding.what,
  why: finding.why,
  blastRadius: finding.blastRadius,
  advice: finding.advice,
});
