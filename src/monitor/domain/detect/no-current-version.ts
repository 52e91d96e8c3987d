import { lacksCurrent } from '../secret/version-stage.ts';
import type { Detector } from './detector.ts';
import { isUnderWay } from './pending-record.ts';

/** Finds secrets that have versions but none in use: applications that ask for the value get an error. */
export const noCurrentVersion: Detector = {
  code: 'no-current-version',
  meaning: 'The secret has versions but none is AWSCURRENT: reading it without a version ID fails.',
  remedy: 'Ask whoever provisions the secret to store a value that works.',
  severities: 'HIGH',
  appliesTo: 'to secrets that have a version',
  requirement: 'A secret with versions has one that is AWSCURRENT.',
  detect(facts, now) {
    const { secret, pending } = facts;
    if (Object.keys(secret.versionStages).length === 0) return 'not-applicable';
    if (!lacksCurrent(secret.versionStages) || isUnderWay(facts, now)) return 'clear';
    return {
      code: 'no-current-version',
      severity: 'HIGH',
      since: pending?.since ?? now,
      pendingVersionId: pending?.versionId,
      what: 'The secret has versions but none of them is AWSCURRENT.',
    };
  },
};
