import { DAY, formatDuration, formatInstant } from '../../../calendar/instant.ts';
import type { Detector } from './detector.ts';
import { ageOf, isSplit, lastAttemptAt } from './pending-record.ts';

/** Finds stuck rotations that Secrets Manager has stopped trying: no further event will tell of them. */
export const rotationRetriesExhausted: Detector = {
  code: 'rotation-retries-exhausted',
  meaning: 'A stuck rotation is past its due date and has not been tried for over a day.',
  remedy: 'Fix the cause, settle the pending version, rotate; nothing will happen by itself.',
  severities: 'HIGH; CRITICAL when testSecret or finishSecret failed, unless users alternate',
  appliesTo: 'while another version than AWSCURRENT carries AWSPENDING and NextRotationDate is known',
  requirement: 'A failed rotation is tried again within a day of its window.',
  detect(facts, now) {
    const { secret, pending, policy, eventsArrive } = facts;
    if (pending === undefined || secret.nextRotationAt === undefined) return 'not-applicable';
    if (ageOf(pending, now) <= policy.stuckAfterMs || now - secret.nextRotationAt <= DAY) return 'clear';
    const attemptedAt = lastAttemptAt(facts, pending);
    if (now - attemptedAt <= DAY) return 'clear';
    const silence = eventsArrive
      ? `no attempt was seen for ${formatDuration(now - attemptedAt)}`
      : 'whether it was tried since is unknown, because no rotation events arrive';
    return {
      code: 'rotation-retries-exhausted',
      severity: isSplit(facts) ? 'CRITICAL' : 'HIGH',
      since: pending.since,
      pendingVersionId: pending.versionId,
      what: `The rotation to version ${pending.versionId} was due by ${formatInstant(secret.nextRotationAt)} and seems to be given up: ${silence}.`,
    };
  },
};
