import type { Instant } from '../../../calendar/instant.ts';
import type { FindingName, SeverityName } from '../../scenario/finding-names.ts';
import type { ToldAlert } from './told-alert.ts';
import type { AdvisedStep } from './told-in.ts';

/** A notification about one alert as the monitor wrote it down, as far as the court reads it. */
interface Decided {
  readonly id: string;
  readonly fingerprint: string;
  readonly transition: string;
  readonly reason: string;
  /** Time of the decision. */
  readonly at: Instant;
  /** Not to be delivered earlier, so that others of its group can join. */
  readonly notBefore: Instant;
  /** Decided in the first sweep of a target, whose digest reports it. */
  readonly baseline: boolean;
  readonly rotationFunctionArn: string | undefined;
  readonly owner: string | undefined;
  readonly code: string;
  readonly severity: SeverityName;
  readonly finding: {
    /** One sentence: what is wrong. */
    readonly what: string;
    readonly pendingVersionId: string | undefined;
    /** `good`, `broken`, `may-be-dead` or `unknown`. */
    readonly credentialInUse: string;
    readonly advice: readonly AdvisedStep[];
  };
}

/** Something that the monitor stored to be said. */
export interface Said {
  readonly notification: Decided;
  /** Whether the monitor knew then of a failure at or after setSecret, of the version it is about, since the last success. */
  readonly knewOfSet: boolean;
  /** Time it left the outbox; undefined while it is there. */
  clearedAt: Instant | undefined;
  /** Arrival times of the e-mails that carry it; the judgement fills them in. */
  readonly toldAt: Instant[];
}

/** An e-mail's statement about one secret. */
export interface Read extends ToldAlert {
  /** Time of arrival, to the millisecond. */
  readonly arrivedAt: Instant;
}

/** Transitions by which people hear that something is wrong; the others say that it is over, or silenced. */
export const TELLING: readonly string[] = ['opened', 'rose', 'repeated', 'escalated'];

/** Whether people hear by it that something is wrong. */
export const isTelling = ({ notification }: Said): boolean => TELLING.includes(notification.transition);

/** Whether a transition is news, and no repeat. */
export const isNews = (transition: string): boolean => ['opened', 'rose', 'escalated'].includes(transition);

/** Findings that are reported as one alert while they are about one pending version. */
export const ABOUT_PENDING: readonly string[] = [
  'rotation-cancelled',
  'rotation-will-not-heal',
  'rotation-retries-exhausted',
  'stuck-pending',
  'rotation-failed',
  'no-current-version',
  'pending-abandoned',
] satisfies readonly FindingName[];
