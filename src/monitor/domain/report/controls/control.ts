import { DAY, type Instant } from '../../../../calendar/instant.ts';
import type { Secret } from '../../secret/secret.ts';
import type { ControlId } from '../control.ts';
import type { ControlStatus } from '../control-verdict.ts';
import type { SecretAudit } from '../secret-audit.ts';

/** Parameters of the controls; durations in milliseconds. */
export interface ControlParameters {
  /** SecretsManager.1, `maximumAllowedRotationFrequency`; undefined as in Security Hub's default. */
  readonly maximumFrequencyMs: number | undefined;
  /** SecretsManager.3, `unusedForDays`. */
  readonly unusedAfterMs: number;
  /** SecretsManager.4, `maxDaysSinceRotation`; also the organization-defined period of IA-5 f. */
  readonly maxAgeMs: number;
  /** SecretsManager.5, `requiredTagKeys`; empty where any tag will do. */
  readonly requiredTagKeys: readonly string[];
  /** The frequency of the entity's targeted risk analysis; undefined without one. */
  readonly riskAnalysisFrequencyMs: number | undefined;
}

/** Facts about one secret that controls judge. */
export interface ControlFacts {
  readonly secret: Secret;
  /** Whether it is listed no more, so that its tags are unknown. */
  readonly isGone?: boolean;
  /** The figures of the period. */
  readonly figures: Omit<SecretAudit, 'controls'>;
  /** The oldest that AWSCURRENT got within the period, in milliseconds; undefined where nobody knows. */
  readonly oldestAgeMs: number | undefined;
  /** Whether the age is known of the whole period; false where an older version may have gone unseen. */
  readonly isOldestWhole: boolean;
  /** Whether the last window that closed has had no rotation since; undefined where nobody knows. */
  readonly isBehind: boolean | undefined;
  readonly parameters: ControlParameters;
  /** The end of the period, or the time of reading if that came first. */
  readonly at: Instant;
}

/** A verdict before exceptions are considered. */
export interface Judgement {
  readonly status: ControlStatus;
  /** One sentence. */
  readonly reason: string;
  readonly evidence: readonly string[];
}

/** The judgement of one control: pure, about one secret, one file each. Its words are in `report/control.ts`. */
export interface ControlJudge {
  readonly id: ControlId;
  /** Whether the control is about the secret; a control without it is about every one. */
  isAbout?(facts: ControlFacts): 'yes' | 'no' | 'unknown';
  judge(facts: ControlFacts): Judgement;
}

/** A duration as audits write it: whole days, at least one. */
export const days = (ms: number): string => {
  const count = Math.max(1, Math.round(ms / DAY));
  return `${count} ${count === 1 ? 'day' : 'days'}`;
};
