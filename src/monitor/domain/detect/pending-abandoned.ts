import type { Evidence } from '../rotation/evidence.ts';
import { isServiceLabel } from '../secret/version-stage.ts';
import type { Detector, Facts } from './detector.ts';
import { setSecretBegun } from './pending-record.ts';
import { isGivenUp } from './pending-sight.ts';

/** Finds pending versions that were given up after setSecret had begun: the target may hold a lost password. */
export const pendingAbandoned: Detector = {
  code: 'pending-abandoned',
  meaning:
    'A version that had reached setSecret lost AWSPENDING without becoming AWSCURRENT: the target may hold its password.',
  remedy:
    'Prove that AWSCURRENT still logs in; if it does not, let the rotation function test the lost version and finish it.',
  severities: 'HIGH',
  requirement: 'A pending version that reached the target becomes AWSCURRENT, or a later rotation succeeds.',
  detect(facts, now) {
    const given = facts.evidence.filter(({ kind }) => isGivenUp(kind));
    if (given.length === 0) return 'not-applicable';
    const lost = given.findLast((fact) => now - fact.at > graceMs(facts) && isLost(fact, facts));
    if (lost?.versionId === undefined) return 'clear';
    const how = lost.kind === 'rotation-abandoned' ? 'was abandoned' : 'lost AWSPENDING';
    return {
      code: 'pending-abandoned',
      severity: 'HIGH',
      since: lost.at,
      pendingVersionId: lost.versionId,
      what: `Version ${lost.versionId} ${how} after setSecret had begun: the target may hold a password that no version has.`,
    };
  },
};

/** Whoever takes a label off rotates next: that rotation is waited for as long as a failed one may take to heal. */
const graceMs = ({ pending, policy }: Facts): number =>
  pending === undefined ? policy.splitGraceMs : policy.failedGraceMs;

/** Whether a version is given up and nothing has settled that since; only the latest such version makes a finding. */
export const isStillLost = (versionId: string | undefined, facts: Facts): boolean =>
  facts.evidence.some((fact) => isGivenUp(fact.kind) && fact.versionId === versionId && isLost(fact, facts));

function isLost({ versionId, at }: Evidence, { secret, evidence }: Facts): boolean {
  if (versionId === undefined || !setSecretBegun(versionId, evidence)) return false;
  // A label of anybody's own, such as the one our advice puts on, only keeps the version.
  if (secret.versionStages[versionId]?.some(isServiceLabel)) return false;
  if (secret.lastRotatedAt !== undefined && secret.lastRotatedAt > at) return false;
  return !evidence.some(
    (fact) =>
      (fact.kind === 'rotation-succeeded' && fact.at > at) ||
      (fact.kind === 'version-promoted' && fact.versionId === versionId && fact.at >= at),
  );
}
