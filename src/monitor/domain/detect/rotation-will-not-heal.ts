import { formatDuration, HOUR } from '../../../calendar/instant.ts';
import { type BrokenFunction, brokenFunction } from './broken-function.ts';
import type { Detector, Facts } from './detector.ts';
import { failedWhere, failingSince, isHealed, isSplit, pendingProgress } from './pending-record.ts';

/** So many failures of one version, spread over {@link HOPELESS_AFTER_MS}, are no passing disturbance. */
const HOPELESS_FAILURES = 3;
/** A network or a database that was away for a while is back by then. */
const HOPELESS_AFTER_MS: number = 2 * HOUR;

/**
 * Finds rotations that further attempts are unlikely to heal: each of them tries the same version with the same value.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html
 */
export const rotationWillNotHeal: Detector = {
  code: 'rotation-will-not-heal',
  meaning:
    'A rotation is unlikely to heal: its function is gone or may not be invoked, did not create the version, or failed three times over two hours or more.',
  remedy: 'Do not wait for the next attempt: fix the cause, resolve the pending version, then rotate.',
  severities: 'HIGH; CRITICAL when testSecret or finishSecret failed, unless users alternate',
  appliesTo: 'once the rotation to the pending version is known to have failed, or its function to be broken',
  requirement: 'A failed rotation succeeds on one of the next attempts.',
  detect(facts) {
    const { pending } = facts;
    if (pending === undefined) return 'not-applicable';
    const broken = brokenFunction(facts);
    const firstFailedAt = pendingProgress(facts)?.firstFailedAt;
    if (firstFailedAt === undefined && broken === undefined) return 'not-applicable';
    const because = isHealed(facts) ? undefined : ((broken && BROKEN[broken]) ?? reason(facts));
    if (because === undefined) return 'clear';
    return {
      code: 'rotation-will-not-heal',
      severity: isSplit(facts) ? 'CRITICAL' : 'HIGH',
      since: firstFailedAt ?? pending.since,
      pendingVersionId: pending.versionId,
      what: `The rotation to version ${pending.versionId} is unlikely to heal: ${because}.`,
    };
  },
};

const BROKEN: Readonly<Record<BrokenFunction, string>> = {
  gone: 'its rotation function does not exist',
  'not-invocable': 'Secrets Manager may not invoke its rotation function',
};

function reason(facts: Facts): string | undefined {
  const progress = pendingProgress(facts);
  if (progress?.notCreatedByFunction === true) {
    return 'the version was not created by the rotation function, so no retry can succeed';
  }
  const { failures = 0, lastFailedAt = 0 } = progress ?? {};
  const spreadMs = lastFailedAt - (failingSince(facts) ?? 0);
  if (failures < HOPELESS_FAILURES || spreadMs < HOPELESS_AFTER_MS) return undefined;
  return `it failed ${failures} times over ${formatDuration(spreadMs)}${lastWhere(facts)}`;
}

function lastWhere(facts: Facts): string {
  const where = failedWhere(facts);
  if (where === undefined) return '';
  return where.startsWith('at ') ? `, the last known time ${where}` : `; it ${where}`;
}
