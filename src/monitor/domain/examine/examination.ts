import { DAY, HOUR, type Instant, instant, later } from '../../../calendar/instant.ts';
import type { TimeSpan } from '../../../calendar/time-span.ts';
import type { Transition } from '../alert/notification.ts';
import type { Change } from '../finding/change.ts';
import type { ExplainedFinding } from '../finding/finding.ts';
import type { SecretState } from '../state/secret-state.ts';
import type { FunctionInspection, Unseen } from './function-inspection.ts';

/** The circumstances of a finding, beyond the secret itself. */
export interface Examination {
  /** Undefined when the rotation function was not looked at. */
  readonly inspection: FunctionInspection | undefined;
  /** Undefined when nobody looked what had changed. */
  readonly changes: readonly Change[] | undefined;
  /** Time from which all changes were read; undefined when the whole day before was. */
  readonly changesSeenFrom?: Instant | undefined;
  /** Resources that were not searched because their names are not known, in words. */
  readonly changesUnsought?: readonly string[] | undefined;
  /** The reason why recent changes could not be read; undefined when they could, or no attempt was made. */
  readonly changesUnseen: Unseen | undefined;
}

/** Transitions that report a problem. */
const TELLING: readonly Transition[] = ['opened', 'rose', 'repeated', 'escalated'];
/** Transitions that report a new or a worse problem. */
const BREAKING: readonly Transition[] = ['opened', 'rose'];

/** Whether a judgement is about to report a problem, which deserves a closer look. */
export const tellsTrouble = (before: SecretState, after: SecretState): boolean =>
  says(TELLING, before, after);

/** Whether it is about to report it for the first time, or that it has become worse. */
export const breaksNews = (before: SecretState, after: SecretState): boolean => says(BREAKING, before, after);

const says = (transitions: readonly Transition[], before: SecretState, after: SecretState): boolean =>
  after.outbox.slice(before.outbox.length).some(({ transition }) => transitions.includes(transition));

/** Returns the span of the changes that may have caused a finding: from a day before it began. */
export const spanBefore = ({ since }: Pick<ExplainedFinding, 'since'>, now: Instant): TimeSpan => ({
  from: later(since, -DAY),
  until: instant(Math.min(now, since + HOUR)),
});

/** Returns the span in which a rotation function's errors are counted: around the beginning of a finding. */
export const spanAround = ({ since }: Pick<ExplainedFinding, 'since'>, now: Instant): TimeSpan => ({
  from: later(since, -HOUR / 2),
  until: instant(Math.min(now, since + 4 * HOUR)),
});
