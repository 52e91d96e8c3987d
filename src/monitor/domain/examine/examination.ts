import { DAY, HOUR, type Instant, instant, later } from '../../../calendar/instant.ts';
import type { TimeSpan } from '../../../calendar/time-span.ts';
import type { Transition } from '../alert/notification.ts';
import type { Change } from '../finding/change.ts';
import type { ExplainedFinding } from '../finding/finding.ts';
import type { SecretState } from '../state/secret-state.ts';
import type { FunctionInspection, Unseen } from './function-inspection.ts';

/** What was found out around a finding, beyond the secret itself. */
export interface Examination {
  /** Undefined when the rotation function was not looked at. */
  readonly inspection: FunctionInspection | undefined;
  /** Undefined when nobody looked what had changed. */
  readonly changes: readonly Change[] | undefined;
  /** From when on all changes were seen; undefined when the whole day before was. */
  readonly changesSeenFrom?: Instant | undefined;
  /** Why it could not be seen what had changed; undefined when it could, or nobody tried. */
  readonly changesUnseen: Unseen | undefined;
}

/** What is said about something that is wrong. */
const TELLING: readonly Transition[] = ['opened', 'rose', 'repeated', 'escalated'];
/** What is said about something that is wrong and was not known to be, or not so much. */
const BREAKING: readonly Transition[] = ['opened', 'rose'];

/** Whether a judgement is about to tell that something is wrong, which deserves a closer look. */
export const tellsTrouble = (before: SecretState, after: SecretState): boolean =>
  says(TELLING, before, after);

/** Whether it is about to tell it for the first time, or that it has become worse. */
export const breaksNews = (before: SecretState, after: SecretState): boolean => says(BREAKING, before, after);

const says = (transitions: readonly Transition[], before: SecretState, after: SecretState): boolean =>
  after.outbox.slice(before.outbox.length).some(({ transition }) => transitions.includes(transition));

/** When something has to have changed to be named as what may have caused a finding: from a day before it began. */
export const spanBefore = ({ since }: Pick<ExplainedFinding, 'since'>, now: Instant): TimeSpan => ({
  from: later(since, -DAY),
  until: instant(Math.min(now, since + HOUR)),
});

/** When a rotation function is looked at for errors: around the beginning of a finding. */
export const spanAround = ({ since }: Pick<ExplainedFinding, 'since'>, now: Instant): TimeSpan => ({
  from: later(since, -HOUR / 2),
  until: instant(Math.min(now, since + 4 * HOUR)),
});
