import { formatInstant } from '../../../calendar/instant.ts';
import type { Evidence } from '../rotation/evidence.ts';
import type { Detector } from './detector.ts';
import { failuresOf, firstSplit, isHealed, isSplit, recordedStep } from './pending-record.ts';

/** Finds failed rotations that did not heal by themselves within the grace. */
export const rotationFailed: Detector = {
  code: 'rotation-failed',
  meaning: 'A rotation failed and did not heal by a retry.',
  remedy:
    "Read the function's log and fix the cause; Secrets Manager tries again while the rotation window is open.",
  severities: 'MEDIUM; CRITICAL when testSecret or finishSecret failed, unless users alternate',
  requirement: 'A failed rotation succeeds on a retry within the grace.',
  detect(facts, now) {
    const { pending, policy } = facts;
    const failures = failuresOf(facts);
    const first = failures[0];
    if (pending === undefined || first === undefined) return 'not-applicable';
    if (isHealed(facts)) return 'clear';
    const step = recordedStep(facts);
    const split = firstSplit(facts);
    const late = now - first.at > policy.failedGraceMs;
    if (!late && (split === undefined || now - split.at <= policy.splitGraceMs)) return 'clear';
    return {
      code: 'rotation-failed',
      severity: isSplit(facts) ? 'CRITICAL' : 'MEDIUM',
      since: first.at,
      pendingVersionId: pending.versionId,
      what: `The rotation to version ${pending.versionId} failed${step === undefined ? '' : ` at ${step}`} at ${formatInstant(last(failures, first).at)} and has not healed.`,
    };
  },
};

const last = (failures: readonly Evidence[], first: Evidence): Evidence => failures.at(-1) ?? first;
