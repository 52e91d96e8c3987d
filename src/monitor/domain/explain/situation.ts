import type { Instant } from '../../../calendar/instant.ts';
import type { Facts } from '../detect/detector.ts';
import { pendingProgress, recordOf } from '../detect/pending-record.ts';
import type { Finding } from '../finding/finding.ts';
import type { Evidence } from '../rotation/evidence.ts';
import { isAfterSet, progressOf, reachesTarget, type VersionProgress } from '../rotation/progress.ts';
import type { RotationStep } from '../rotation/rotation-event.ts';
import { isManagedRotation, type Secret } from '../secret/secret.ts';
import { type FunctionTrouble, functionTroubles } from './function-trouble.ts';

/** The known progress of the rotation to a version. */
export type Progress =
  /** It failed at testSecret or finishSecret once, whatever failed since. */
  | 'after-set'
  /** setSecret had begun. */
  | 'set-begun'
  /** Only createSecret is known to have failed, and nothing is known to have been tried or done since. */
  | 'before-set'
  /** A failure names no step, none was seen, another attempt has begun since, or the version has a value. */
  | 'unknown';

/** The agent that rotates the secret. */
type RotationKind = 'function' | 'managed' | 'none';

/** The facts that advice and blast radius depend on. */
export interface Situation {
  readonly finding: Finding;
  readonly facts: Facts;
  readonly kind: RotationKind;
  readonly progress: Progress;
  /** The step that failed at last. */
  readonly step: RotationStep | undefined;
  /** The furthest step that failed. */
  readonly reached: RotationStep | undefined;
  /** The version the finding is about, else the pending one. */
  readonly versionId: string | undefined;
  /** Whether that version carries AWSPENDING, and not AWSCURRENT, now. */
  readonly isPending: boolean;
  /** The failures of that version that are still known one by one, oldest first. */
  readonly failures: readonly Evidence[];
  /** Number of its failures, those included that are only counted. */
  readonly failureCount: number;
  /** Whether Secrets Manager has refused the version because it does not come from the rotation function. */
  readonly isNotCreatedByFunction: boolean;
  /** Faults of the rotation function, gravest first. */
  readonly functionTroubles: readonly FunctionTrouble[];
}

/** Gathers what the explanation of a finding depends on. */
export function situationOf(finding: Finding, facts: Facts, now: Instant): Situation {
  const versionId = finding.pendingVersionId ?? facts.pending?.versionId;
  const isPending = versionId !== undefined && versionId === facts.pending?.versionId;
  const record = isPending ? recordOf(facts) : facts.evidence.filter((fact) => isAbout(fact, versionId));
  const failures = record.filter(({ kind }) => kind === 'rotation-failed');
  const known = isPending ? pendingProgress(facts) : versionId && progressOf(versionId, facts);
  const reached = known ? known.reached : undefined;
  const step = failures.findLast((failure) => failure.step !== undefined)?.step ?? reached;
  return {
    finding,
    facts,
    kind: kindOf(facts.secret),
    progress: known ? reachedBy(known) : 'unknown',
    step,
    reached,
    versionId,
    isPending,
    failures,
    failureCount: Math.max(failures.length, known ? known.failures : 0),
    isNotCreatedByFunction: known ? known.notCreatedByFunction === true : false,
    functionTroubles: functionTroubles(facts, now),
  };
}

const isAbout = (fact: Evidence, versionId: string | undefined): boolean =>
  versionId !== undefined && fact.versionId === versionId;

function reachedBy({ reached, isFilled, isUnclear, lastStartedAt, lastFailedAt }: VersionProgress): Progress {
  if (isAfterSet(reached)) return 'after-set';
  if (reachesTarget(reached)) return 'set-begun';
  const isPlain = isFilled !== true && isUnclear !== true && reached === 'createSecret';
  return isPlain && (lastStartedAt ?? 0) <= (lastFailedAt ?? 0) ? 'before-set' : 'unknown';
}

function kindOf(secret: Secret): RotationKind {
  if (secret.rotationFunctionArn !== undefined) return 'function';
  return isManagedRotation(secret) ? 'managed' : 'none';
}
