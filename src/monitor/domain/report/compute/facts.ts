import type { Instant } from '../../../../calendar/instant.ts';
import type { Window } from '../../../../calendar/rotation-schedule.ts';
import type { AuditLimits } from '../../audit/audit-finding.ts';
import type { SecretSight } from '../../history/secret-sight.ts';
import type { Secret } from '../../secret/secret.ts';
import type { AuditException } from '../audit-exception.ts';
import type { AuditPeriod } from '../audit-report.ts';
import type { ChangeEntry } from '../change-entry.ts';
import type { ControlParameters } from '../controls/control.ts';
import type { RecordedRotation } from './rotations.ts';

/** The circumstances that all secrets of an audit share. */
export interface AuditFrame {
  readonly period: AuditPeriod;
  readonly readAt: Instant;
  /** Start of the history of the target; undefined where none is kept. */
  readonly historySince: Instant | undefined;
  readonly limits: AuditLimits;
  readonly controls: ControlParameters;
  /** A pending version is stuck after this long, in milliseconds. */
  readonly stuckAfterMs: number;
  readonly isInBusinessHours: (window: Window) => boolean;
}

/** All that is known of one secret. */
export interface SecretFacts {
  /** The secret as listed; one that is gone, as last seen. */
  readonly secret: Secret;
  readonly sight: SecretSight | undefined;
  /** Whether it is listed no more. */
  readonly isGone?: boolean;
  readonly records: readonly RecordedRotation[];
  readonly changes: readonly ChangeEntry[];
  /** Creation of the version in use; undefined where nobody asked. */
  readonly currentMadeAt: Instant | undefined;
  readonly exceptions: readonly AuditException[];
  /** Whether a CRITICAL alert about it is open. */
  readonly isCritical: boolean;
  /** A reason why something about it could not be read. */
  readonly trouble: string | undefined;
}
