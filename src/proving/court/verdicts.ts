import { type Instant, instant, later, MINUTE, parseInstant } from '../../calendar/instant.ts';
import { milder, reaches } from '../scenario/finding-names.ts';
import type { ExpectedAnnouncement, ExpectedSilence, Scenario } from '../scenario/scenario.ts';
import { ABOUT_PENDING, TELLING } from './told/said.ts';
import type { ToldAlert } from './told/told-alert.ts';
import { without } from './truth/pending-lives.ts';
import { type Condition, heldAt, PRECISION_MS, quietTimes } from './truth/truth.ts';

/** Whether an expectation was met, or that an untrue alert was sent. */
export interface Verdict {
  readonly secret: string;
  /** Null where any finding would do. */
  readonly code: string | null;
  readonly expected: 'announce' | 'never';
  readonly ok: boolean;
  /** Time it was reported; null when it was not. */
  readonly at: string | null;
}

/** The subject of the verdicts: a scenario, its true conditions and the alerts sent. */
export interface Trial {
  readonly scenario: Scenario;
  readonly conditions: readonly Condition[];
  readonly alerts: readonly ToldAlert[];
  /** The moment at which the run ended. */
  readonly endsAt: Instant;
}

/** From the judgement to the inbox: the wait for others of its group and the delivery, with room to spare. */
const DELIVERY_MS: number = MINUTE;
/** A schedule runs within a minute after its time. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
const SCHEDULE_MS: number = MINUTE;

/**
 * Compares the alerts with the truth: one verdict for each expectation that falls into the run, one for every untrue
 * alert, and one for every stuck version that was not reported.
 */
export const verdictsOf = (trial: Trial): readonly Verdict[] => [
  ...trial.scenario.expect.announce
    .filter((expected) => momentOf(trial, expected) <= trial.endsAt)
    .map((expected) => announced(trial, expected)),
  ...trial.scenario.expect.never.map((expected) => silent(trial, expected)),
  ...trial.alerts.filter((alert) => !isTrue(trial, alert)).map(untrue),
  ...trial.conditions.filter((condition) => isForgotten(trial, condition)).map(forgotten),
];

const momentOf = ({ scenario, endsAt }: Trial, { byMs }: ExpectedAnnouncement): Instant =>
  byMs === undefined ? endsAt : later(scenario.start, byMs);

function announced(trial: Trial, expected: ExpectedAnnouncement): Verdict {
  const { secret, code, byMs } = expected;
  const by = byMs === undefined ? undefined : later(trial.scenario.start, byMs);
  // Nobody can know without events which step failed, which is what makes a finding CRITICAL.
  const severity = losesEvents(trial) ? milder(expected.severity, 'HIGH') : expected.severity;
  const told = trial.conditions
    .filter((each) => each.secret === secret && each.code === code)
    .map((condition) => {
      const { deadline: promised, outlived } = dueOf(trial, condition);
      const deadline = by !== undefined && by > condition.since && by < promised ? by : promised;
      const alert = trial.alerts.find(
        (each) =>
          isAbout(each, condition) &&
          reaches(each.severity, severity) &&
          timeOf(each) >= condition.since - PRECISION_MS &&
          timeOf(each) <= deadline,
      );
      return { alert, isDue: deadline < trial.endsAt && outlived(deadline) };
    });
  const first = told.find(({ alert }) => alert !== undefined)?.alert;
  const ok = first !== undefined && told.every(({ alert, isDue }) => alert !== undefined || !isDue);
  return { secret, code, expected: 'announce', ok, at: first?.at ?? null };
}

function silent({ alerts }: Trial, { secret, code }: ExpectedSilence): Verdict {
  const told = alerts.find(
    (alert) =>
      alert.secretName === secret &&
      (code === undefined || alert.code === code) &&
      alert.transition !== 'silenced',
  );
  return { secret, code: code ?? null, expected: 'never', ok: told === undefined, at: told?.at ?? null };
}

const untrue = ({ secretName, code, at }: ToldAlert): Verdict => ({
  secret: secretName,
  code,
  expected: 'never',
  ok: false,
  at,
});

const forgotten = ({ secret, code }: Condition): Verdict => ({
  secret,
  code,
  expected: 'announce',
  ok: false,
  at: null,
});

/** By when people have to know of something. */
interface Due {
  /** Never, for what only lost events could show. */
  readonly deadline: Instant;
  /** Whether it lasted, and nobody wanted quiet, until after a moment. */
  readonly outlived: (moment: Instant) => boolean;
}

/**
 * Promise 1: the threshold, then the next sweep, then the delivery. Without events only what stages show counts, and
 * while the tags of the secret ask for silence nothing is due.
 */
function dueOf(trial: Trial, condition: Condition): Due {
  const { tellableAt, tellableWithoutEventsAt, until, checkedEveryMs = 0 } = condition;
  const { sweepEveryMs, faults } = trial.scenario;
  const eventsMayBeLost = losesEvents(trial);
  const from = eventsMayBeLost ? tellableWithoutEventsAt : tellableAt;
  const waitMs = checkedEveryMs + sweepEveryMs + SCHEDULE_MS + faults.listStaleMaxMs + DELIVERY_MS;
  const loud = from === undefined ? [] : without({ from, until }, quietTimes(condition, { eventsMayBeLost }));
  const due =
    loud.find((each) => each.until === undefined || each.until > later(each.from, waitMs)) ?? loud[0];
  return {
    deadline: due === undefined ? NEVER : later(due.from, waitMs),
    outlived: (moment) => due?.until === undefined || due.until > moment,
  };
}

const NEVER: Instant = instant(8.64e15);

const losesEvents = ({ scenario: { faults } }: Trial): boolean => faults.drop > 0 || faults.delayMaxMs > 0;

/** An alert reports a condition by its own code, or by another one about the same pending version. */
function isAbout(alert: ToldAlert, { secret, code, versionId, since, until }: Condition): boolean {
  if (alert.secretName !== secret || !TELLING.includes(alert.transition)) return false;
  if (alert.code === code) return true;
  const isOfLife =
    timeOf(alert) >= since && (until === undefined || timeOf(alert) <= later(until, DELIVERY_MS));
  return versionId !== undefined && ABOUT_PENDING.includes(alert.code) && isOfLife;
}

/** Whether an alert was true at some moment within its delivery; this holds for an end, too. */
function isTrue({ conditions }: Trial, alert: ToldAlert): boolean {
  const told = timeOf(alert);
  const held = conditions.filter(({ secret, code }) => secret === alert.secretName && code === alert.code);
  if (alert.transition === 'resolved') {
    return (
      held.some(({ tellableAt }) => tellableAt - PRECISION_MS <= told) &&
      held.every((each) => isOver(each, told))
    );
  }
  return held.some((condition) => heldAt(condition, told, DELIVERY_MS + 1));
}

const isOver = ({ tellableAt, until }: Condition, told: Instant): boolean =>
  tellableAt > told - DELIVERY_MS || (until !== undefined && until <= told);

/** A stuck version that was not reported in time, whether the scenario expects it or not. */
function isForgotten(trial: Trial, condition: Condition): boolean {
  if (condition.code !== 'stuck-pending') return false;
  const { deadline, outlived } = dueOf(trial, condition);
  const isTold = trial.alerts.some((alert) => isAbout(alert, condition) && timeOf(alert) <= deadline);
  return deadline < trial.endsAt && outlived(deadline) && !isTold;
}

function timeOf({ at }: ToldAlert): Instant {
  return parseInstant(at) ?? instant(0);
}
