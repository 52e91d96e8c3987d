import type { Instant } from '../../../calendar/instant.ts';
import type { AuditFinding } from '../audit/audit-finding.ts';
import type { AuditException } from './audit-exception.ts';
import type { ChangeEntry } from './change-entry.ts';
import type { ControlVerdict } from './control-verdict.ts';
import type { Figure } from './figure.ts';

/** One rotation of the period. */
export interface AuditedRotation {
  readonly versionId: string | undefined;
  readonly startedAt: Instant | undefined;
  readonly endedAt: Instant | undefined;
  readonly outcome: 'succeeded' | 'abandoned' | 'under-way';
  readonly failures: readonly { readonly at: Instant; readonly step: string | undefined }[];
  /**
   * From the first failure to the success, which is that of a later rotation where this one was given up; undefined when
   * nothing failed or nothing has repaired it yet. In ms.
   */
  readonly repairMs: number | undefined;
  readonly basis: 'observed' | 'inferred';
}

/** All that a report says about one secret in its period. Durations in milliseconds. */
export interface SecretAudit {
  readonly secretArn: string;
  readonly secretName: string;
  readonly account: string;
  readonly region: string;
  readonly owner: string | undefined;
  /** Whether it was checked, or why it was not. */
  readonly coverage: 'checked' | 'unverifiable' | 'excluded';
  /** The reason why it could not be checked or is left out; undefined for a checked one. */
  readonly coverageReason: string | undefined;
  readonly createdAt: Instant | undefined;
  /** Time DeleteSecret was called. */
  readonly deletedAt: Instant | undefined;
  readonly rotationEnabled: boolean;
  /** `rate(…)` or `cron(…)`; undefined without one. */
  readonly schedule: string | undefined;
  /** Rotation windows that closed within the period while rotation was on. */
  readonly windowsDue: Figure;
  readonly rotationsCompleted: Figure;
  /** Due windows without a completed rotation. */
  readonly windowsMissed: Figure;
  readonly failures: Figure;
  readonly longestRepairMs: Figure;
  /** The longest stretch in which the credential in use was dead or a pending version was stuck. */
  readonly longestExposureMs: Figure;
  /** Age of AWSCURRENT at the end of the period, or now, whichever is earlier. */
  readonly currentAgeMs: Figure;
  /** The last day on which anybody requested it, at midnight UTC; undefined value: never. */
  readonly lastAccessedAt: Figure<Instant>;
  /** The last `TestRotation` seen; unknown: none was seen ("never tested" only where history covers its whole life). */
  readonly lastTestedAt: Figure<Instant>;
  /** Number of the closed windows that touched business hours. */
  readonly windowsInBusinessHours: Figure;
  readonly slowerThanPolicy: Figure<boolean>;
  readonly rotations: readonly AuditedRotation[];
  readonly changes: readonly ChangeEntry[];
  readonly exceptions: readonly AuditException[];
  /** The silence in force at the end of the period. */
  readonly silence: { readonly until: Instant; readonly reason: string } | undefined;
  readonly controls: readonly ControlVerdict[];
  readonly findings: readonly AuditFinding[];
}
