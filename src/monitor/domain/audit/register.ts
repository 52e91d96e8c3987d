import type { AuditDetector } from './audit-finding.ts';
import { deletionScheduled } from './deletion-scheduled.ts';
import { maxAgeExceeded } from './max-age-exceeded.ts';
import { pendingWithoutRotation } from './pending-without-rotation.ts';
import { rotationNotConfigured } from './rotation-not-configured.ts';
import { rotationSwitchedOff } from './rotation-switched-off.ts';
import { scheduleTooSlow } from './schedule-too-slow.ts';
import { unused } from './unused.ts';

/** Everything that audits look for, in the order in which it is shown. */
export const AUDIT_DETECTORS: readonly AuditDetector[] = [
  rotationNotConfigured,
  rotationSwitchedOff,
  scheduleTooSlow,
  maxAgeExceeded,
  unused,
  deletionScheduled,
  pendingWithoutRotation,
];
