import { currentChangedOutsideRotation } from './current-changed-outside-rotation.ts';
import type { Detector, FindingDescription } from './detector.ts';
import { invalidationUnconfirmed } from './invalidation-unconfirmed.ts';
import { noCurrentVersion } from './no-current-version.ts';
import { pendingAbandoned } from './pending-abandoned.ts';
import { previousVersionInUse } from './previous-version-in-use.ts';
import { replicationFailed } from './replication-failed.ts';
import { rotationCancelled } from './rotation-cancelled.ts';
import { rotationFailed } from './rotation-failed.ts';
import { rotationOverdue } from './rotation-overdue.ts';
import { rotationRetriesExhausted } from './rotation-retries-exhausted.ts';
import { rotationSilentlyDisabled } from './rotation-silently-disabled.ts';
import { rotationWillNotHeal } from './rotation-will-not-heal.ts';
import { stuckPending } from './stuck-pending.ts';
import { TARGET_UNREACHABLE } from './target-unreachable.ts';
import { testRotationFailed } from './test-rotation-failed.ts';
import { UNVERIFIABLE } from './unverifiable.ts';

/** Every detector, in order of precedence: the first that speaks inhibits the rest. */
export const DETECTORS: readonly Detector[] = [
  rotationCancelled,
  pendingAbandoned,
  rotationWillNotHeal,
  rotationRetriesExhausted,
  stuckPending,
  rotationFailed,
  currentChangedOutsideRotation,
  noCurrentVersion,
  rotationOverdue,
  rotationSilentlyDisabled,
  replicationFailed,
  testRotationFailed,
  invalidationUnconfirmed,
  previousVersionInUse,
];

/** Every finding, in order of precedence: those of the detectors between the two that a failed look makes. */
export const FINDINGS: readonly FindingDescription[] = [TARGET_UNREACHABLE, ...DETECTORS, UNVERIFIABLE];
