import { DAY, formatDuration, formatInstant } from '../../../calendar/instant.ts';
import type { Detector } from './detector.ts';
import { ageOf, isSplit, lastAttemptAt } from './pending-record.ts';

/** Finds stuck rotations that Secrets Manager has stopped trying: no further event will report them. */
export const rotationRetriesExhausted: Detector = {
  code: 'rotation-retries-exhausted',
  meaning: 'A stuck rotation is past its due date and has not been retried for over a day.',
  remedy: 'Fix the cause, resolve the pending version, then rotate; nothing happens by itself.',
  severities: 'HIGH; CRITICAL when testSecret or finishSecret failed, unless users alternate',
  appliesTo: 'while another version than AWSCURRENT carries AWSPENDING and NextRotationDate is known',
  requirement: 'A failed rotation is retried within a day of its window.',
  detect(facts, now) {
    const { secret, pending, policy, eventsArrive } = facts;
    if (pending === undefined || secret.nextRotationAt === undefined) return 'not-applicable';
    if (ageOf(pending, now) <= policy.stuckAfterMs || now - secret.nextRotationAt <= DAY) return 'clear';
    const attemptedAt = lastAttemptAt(facts, pending);
    if (now - attemptedAt <= DAY) return 'clear';
    const silence = eventsArrive
      ? `no attempt has been detected for ${formatDuration(now - attemptedAt)}`
      : 'later attempts are unknown because no rotation events arrive';
    return {
      code: 'rotation-retries-exhausted',
      severity: isSplit(facts) ? 'CRITICAL' : 'HIGH',
      since: pending.since,
      pendingVersionId: pending.versionId,
      what: `The rotation to version ${pending.versionId} was due by ${formatInstant(secret.nextRotationAt)} and appears to have been abandoned: ${silence}.`,
    };
  },
};
