import { DAY, formatInstant, type Instant, later } from '../../../calendar/instant.ts';
import { parseRotationSchedule } from '../../../calendar/rotation-schedule.ts';
import type { Finding, Severity } from '../finding/finding.ts';
import { rotationIntervalMs } from '../secret/rotation-interval.ts';
import type { Secret } from '../secret/secret.ts';
import { expectedChange, isValueOld } from '../secret/value-date.ts';
import type { Detector, Facts } from './detector.ts';
import { isUnderWay } from './pending-record.ts';

/** A secret without a readable schedule is gravely overdue after this long: the longest of the usual intervals. */
const UNKNOWN_INTERVAL_MS = 30 * DAY;

/**
 * Finds secrets that did not rotate by NextRotationDate, which is the latest moment of the window and never computed.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html
 */
export const rotationOverdue: Detector = {
  code: 'rotation-overdue',
  meaning: 'Rotation is on and NextRotationDate has passed.',
  remedy: 'Check that the rotation function can be invoked, then rotate.',
  severities: 'MEDIUM; HIGH after one further interval',
  appliesTo: 'while rotation is on and NextRotationDate is known, or where a value is expected to change',
  requirement: 'A secret with rotation rotates by the end of its rotation window.',
  detect(facts, now) {
    const { secret, policy } = facts;
    const dueAt = secret.nextRotationAt;
    const expected = oldValue(facts, now);
    if (secret.rotationEnabled !== true || dueAt === undefined) return expected ?? 'not-applicable';
    if (now <= later(dueAt, policy.overdueGraceMs) || isUnderWay(facts, now)) return expected ?? 'clear';
    return {
      code: 'rotation-overdue',
      severity: severityOf(secret, dueAt, now),
      since: dueAt,
      pendingVersionId: undefined,
      what: `Rotation was due by ${formatInstant(dueAt)} ${outcomeOf(facts)}.`,
    };
  },
};

/** A value that is older than the settings or a tag expect, whoever rotates it. */
function oldValue(facts: Facts, now: Instant): Finding | undefined {
  const expected = expectedChange(facts);
  if (expected === undefined || !isValueOld(facts, now)) return undefined;
  const { dueAt, everyMs, createdAt } = expected;
  const since =
    createdAt === undefined
      ? `nothing has changed the secret since ${formatInstant(later(dueAt, -everyMs))}`
      : `the value in use has been there since ${formatInstant(createdAt)}`;
  return {
    code: 'rotation-overdue',
    severity: now > later(dueAt, everyMs) ? 'HIGH' : 'MEDIUM',
    since: dueAt,
    pendingVersionId: undefined,
    what: `A new value was expected by ${formatInstant(dueAt)}: ${since}.`,
  };
}

/** The next window has to have closed, and the longest time between two windows of the schedule to have passed. */
function severityOf(secret: Secret, dueAt: Instant, now: Instant): Severity {
  const { rotationRules } = secret;
  const schedule = rotationRules && parseRotationSchedule(rotationRules);
  const closesAt = schedule === undefined || 'fault' in schedule ? dueAt : schedule.next(dueAt).closesAt;
  const graveAt = Math.max(closesAt, dueAt + (rotationIntervalMs(secret) ?? UNKNOWN_INTERVAL_MS));
  return now > graveAt ? 'HIGH' : 'MEDIUM';
}

function outcomeOf(facts: Facts): string {
  const missed = facts.eventsArrive && !wasAttempted(facts);
  if (facts.secret.lastRotatedAt === undefined) {
    return missed
      ? 'and no attempt was detected: the secret has never rotated'
      : 'but the secret has never rotated';
  }
  return missed ? 'and no attempt was detected: the rotation window was missed' : 'and has not succeeded';
}

const wasAttempted = ({ secret, pending, evidence }: Facts): boolean =>
  pending !== undefined ||
  evidence.some(
    ({ kind, at }) =>
      (kind === 'rotation-started' || kind === 'rotation-failed') && at > (secret.lastRotatedAt ?? 0),
  );
