import type { Evidence } from '../evidence.ts';
import { formatDuration, HOUR } from '../instant.ts';
import { failuresOf, isHealed, isSplit, recordedStep } from '../pending-record.ts';
import type { RotationStep } from '../rotation-event.ts';
import type { Detector } from './detector.ts';

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
    'A rotation is unlikely to heal: its version was not created by the rotation function, or has failed three times over two hours or more.',
  remedy: 'Do not wait for the next attempt: fix the cause, settle the pending version, rotate.',
  severities: 'HIGH; CRITICAL when testSecret or finishSecret failed, unless users alternate',
  requirement: 'A failed rotation succeeds on one of the next attempts.',
  detect(facts) {
    const failures = failuresOf(facts);
    const first = failures[0];
    if (facts.pending === undefined || first === undefined) return 'not-applicable';
    const because = isHealed(facts) ? undefined : reason(failures, first, recordedStep(facts));
    if (because === undefined) return 'clear';
    return {
      code: 'rotation-will-not-heal',
      severity: isSplit(facts) ? 'CRITICAL' : 'HIGH',
      since: first.at,
      pendingVersionId: facts.pending.versionId,
      what: `The rotation to version ${facts.pending.versionId} is unlikely to heal: ${because}.`,
    };
  },
};

function reason(
  failures: readonly Evidence[],
  first: Evidence,
  step: RotationStep | undefined,
): string | undefined {
  if (failures.some(({ notCreatedByFunction }) => notCreatedByFunction === true)) {
    return 'the version was not created by the rotation function, so that no retry can succeed';
  }
  const spreadMs = (failures.at(-1) ?? first).at - first.at;
  if (failures.length < HOPELESS_FAILURES || spreadMs < HOPELESS_AFTER_MS) return undefined;
  const where = step === undefined ? '' : `, the last time known at ${step}`;
  return `it failed ${failures.length} times over ${formatDuration(spreadMs)}${where}`;
}
