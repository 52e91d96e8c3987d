import type { Instant } from '../../../calendar/instant.ts';
import {
  allProgress,
  type GivenUp,
  isAfterEnd,
  progressOf,
  type VersionProgress,
} from '../rotation/progress.ts';
import { isServiceLabel } from '../secret/version-stage.ts';
import type { Detector, Facts } from './detector.ts';
import { isSplitBy, setSecretBegun } from './pending-record.ts';

/** Finds pending versions that were given up after setSecret had begun: the target may hold a lost password. */
export const pendingAbandoned: Detector = {
  code: 'pending-abandoned',
  meaning:
    'A version that had reached setSecret lost AWSPENDING without becoming AWSCURRENT: the target may hold its password.',
  remedy:
    'Prove that AWSCURRENT still logs in; if it does not, have the rotation function test and finish the lost version.',
  severities: 'HIGH; CRITICAL when testSecret or finishSecret failed, unless users alternate',
  appliesTo: 'once a version is known to have lost AWSPENDING without becoming AWSCURRENT',
  requirement: 'A pending version that reached the target becomes AWSCURRENT, or a later rotation succeeds.',
  detect(facts, now) {
    const given = allProgress(facts).filter(isGivenUp);
    if (given.length === 0) return 'not-applicable';
    const lost = given
      .filter((version) => now - version.givenUp.at > graceMs(facts) && isLost(version, facts))
      .reduce<Lost | undefined>(later, undefined);
    if (lost === undefined) return 'clear';
    const { versionId, givenUp } = lost;
    const how = givenUp.kind === 'rotation-abandoned' ? 'was abandoned' : 'lost AWSPENDING';
    return {
      code: 'pending-abandoned',
      severity: isSplitBy(versionId, facts) ? 'CRITICAL' : 'HIGH',
      since: givenUp.at,
      pendingVersionId: versionId,
      what: `Version ${versionId} ${how} after setSecret had begun: the target may hold a password that no version has.`,
    };
  },
};

type Lost = VersionProgress & { readonly givenUp: GivenUp };

const isGivenUp = (version: VersionProgress): version is Lost => version.givenUp !== undefined;

const later = (a: Lost | undefined, b: Lost): Lost =>
  a !== undefined && a.givenUp.at > b.givenUp.at ? a : b;

/**
 * Returns the grace of an abandoned version: whoever removes a label rotates next, and that rotation is waited for as
 * long as a failed one may take to heal.
 */
const graceMs = ({ pending, policy }: Facts): number =>
  pending === undefined ? policy.splitGraceMs : policy.failedGraceMs;

/** Returns the times at which versions were given up whose outcome is still open. */
export const givenUpAt = (facts: Facts): readonly Instant[] =>
  allProgress(facts).flatMap((version) => (isGivenUp(version) ? [version.givenUp.at] : []));

/** Whether a version is given up and nothing has settled that since; only the latest such version makes a finding. */
export const isStillLost = (versionId: string | undefined, facts: Facts): boolean => {
  const version = versionId === undefined ? undefined : progressOf(versionId, facts);
  return version !== undefined && isGivenUp(version) && isLost(version, facts);
};

function isLost({ versionId, givenUp, promotedAt, succeededAt }: Lost, facts: Facts): boolean {
  const { secret, evidence } = facts;
  const { at } = givenUp;
  if (!setSecretBegun(versionId, facts)) return false;
  // A label of anybody's own, such as the one our advice puts on, only keeps the version.
  if (secret.versionStages[versionId]?.some(isServiceLabel)) return false;
  if (secret.lastRotatedAt !== undefined && isAfterEnd(secret.lastRotatedAt, givenUp)) return false;
  if ((promotedAt ?? -1) >= at || (succeededAt ?? -1) > at) return false;
  return !evidence.some((fact) => fact.kind === 'rotation-succeeded' && isAfterEnd(fact.at, givenUp));
}
