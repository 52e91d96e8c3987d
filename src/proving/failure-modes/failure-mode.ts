import { HOUR, MINUTE } from '../../calendar/instant.ts';
import type { CredentialInUse, FindingCode, Severity } from '../../monitor/domain/finding/finding.ts';
import type { RotationStep } from '../../monitor/domain/rotation/rotation-event.ts';

/** One alert that people receive about a failure mode. */
interface Told {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** At the latest so long after it began, with a sweep every five minutes, in milliseconds. */
  readonly withinMs: number;
  /** Found by a daily check, which comes at any time until then. */
  readonly isDaily?: true;
}

/** A way in which a rotation fails, or seems to, and what the monitor makes of it. */
export interface FailureMode {
  readonly what: string;
  /** Every alert about it, in order; a later one only where the severity rises. Empty when nobody is alerted. */
  readonly told: readonly Told[];
  /** The failing step that the last alert names: the furthest that was reached. */
  readonly step?: RotationStep;
  /** Statement of the last alert about the credential in use. */
  readonly credentialInUse?: CredentialInUse;
  /** Words with which the last alert names the cause. */
  readonly cause?: string;
  /** Words from what the last alert advises. */
  readonly advice?: string;
  /** A further remark: why there is no alert, or which causes only a log can tell apart. */
  readonly remark?: string;
}

/** In milliseconds: the fifteen minutes of grace, a sweep and the wait for others of the group. */
export const GRACE: number = 21 * MINUTE;
/** A failure that no retry healed. */
export const FAILED: Told = { code: 'rotation-failed', severity: 'MEDIUM', withinMs: GRACE };
/** A version that is pending for more than the threshold of an hour. */
export const STUCK: Told = { code: 'stuck-pending', severity: 'HIGH', withinMs: HOUR + 6 * MINUTE };
/** A failure after setSecret, which has two minutes to heal because AWSCURRENT may be dead. */
export const SPLIT: Told = { code: 'rotation-failed', severity: 'CRITICAL', withinMs: 8 * MINUTE };
/** The longest timeout of a function, which a hanging step takes before it fails. */
export const HUNG: number = 15 * MINUTE;

/** The alert on a failure that no retry heals, because the function cannot run. */
export const HOPELESS: Told = { code: 'rotation-will-not-heal', severity: 'HIGH', withinMs: GRACE };

/** The common part of all modes that fail before the target is touched. */
export const BEFORE_SET: Omit<FailureMode, 'what'> = {
  told: [FAILED, STUCK],
  step: 'createSecret',
  credentialInUse: 'good',
  advice: 'setSecret had not begun',
};
/** The common part of all modes that fail while the target is changed. */
export const AT_SET: Omit<FailureMode, 'what'> = {
  told: [FAILED, STUCK],
  step: 'setSecret',
  credentialInUse: 'unknown',
  advice: 'prove that AWSCURRENT still logs in',
};
/** The common part of all modes that fail after the target was changed. */
export const AFTER_SET: Omit<FailureMode, 'what' | 'step'> = {
  told: [SPLIT],
  credentialInUse: 'may-be-dead',
  advice: 'let the rotation function test it',
};
