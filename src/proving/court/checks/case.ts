import { type Instant, instant, later, MINUTE } from '../../../calendar/instant.ts';
import type { StageChange } from '../../../simulator/secrets-manager/store/secret-history.ts';
import type { Email } from '../../../simulator/sns/delivery.ts';
import type { ScenarioSecret } from '../../scenario/scenario.ts';
import { type Groups, groupsOf } from '../told/groups.ts';
import type { Read, Said } from '../told/said.ts';
import { type Answer, unreachable } from '../truth/call-truths.ts';
import { conditionsOf } from '../truth/ground-truth.ts';
import { type PendingLife, pendingLives, type Stretch } from '../truth/pending-lives.ts';
import { silencesOf } from '../truth/silences.ts';
import type { Condition } from '../truth/truth.ts';

/** Something that must not have happened. */
export interface Breach {
  readonly kind: string;
  readonly secret: string;
  readonly at: Instant;
  readonly text: string;
}

/** A secret of a run, what happened to it and what was done to it. */
interface JudgedSecret {
  readonly arn: string;
  readonly name: string;
  readonly secret: ScenarioSecret;
  readonly history: readonly StageChange[];
  /** Times during which its rotation function was gone or not invocable. */
  readonly functionBroken: readonly Stretch[];
  /**
   * Times at which somebody changed the value, a label or the target by hand, so that no evidence shows which value
   * logs in.
   */
  readonly meddledAt: readonly Instant[];
}

/** A rotation event, with the times at which it happened and first reached the monitor. */
interface ArrivedEvent {
  /** `RotationStarted`, `RotationFailed` and so on. */
  readonly eventName: string;
  readonly happenedAt: Instant;
  readonly arrivedAt: Instant;
}

/** A time in which many calls of the monitor, or its events, failed together. */
export interface Outage {
  readonly from: Instant;
  readonly until: Instant;
  readonly what: string;
  /** Whether it hit more than the calls to Secrets Manager, so that nothing may have been written down or sent. */
  readonly stopsTelling: boolean;
}

/** A run before the court: the truth, the decisions, the alerts sent, and the obstacles. */
export interface JudgedRun {
  readonly endsAt: Instant;
  /** Between two sweeps, in milliseconds. */
  readonly sweepEveryMs: number;
  /** Greatest age of a list, in milliseconds. */
  readonly listStaleMaxMs: number;
  /** Greatest age of a secret's description, in milliseconds: a reported condition may have been over for so long. */
  readonly describeStaleMaxMs: number;
  /** Longest time for which an index of the table shows what was sent and cleared, in milliseconds. */
  readonly indexLagMaxMs: number;
  /** Whether the monitor asks to be woken when a pending version reaches its threshold. */
  readonly setsDeadlines: boolean;
  readonly secrets: readonly JudgedSecret[];
  /** Everything that was decided, in order; the judgement adds the times at which they were sent. */
  readonly said: readonly Said[];
  /** Returns the decided notifications about one secret, in order. */
  saidOf(arn: string): readonly Said[];
  readonly emails: readonly Email[];
  /** The alerts that people read, one entry for each secret that an e-mail names. */
  readonly told: readonly Read[];
  /** The account and region whose secrets these are, as the monitor names it, and its subject. */
  readonly target: { readonly name: string; readonly subject: string };
  /** The answers to each attempt of a sweep to list the secrets, in order. */
  readonly lists: readonly Answer[];
  /** Times in which much failed at once; empty where none was planned. */
  readonly outages: readonly Outage[];
  /** Runs of the monitor that were killed. */
  readonly kills: readonly { readonly role: string; readonly at: Instant }[];
  /** The rotation events about a version that reached the monitor, each once. */
  arrivedOf(versionId: string): readonly ArrivedEvent[];
}

/** All that is known about one secret of a run. */
export interface Case {
  readonly run: JudgedRun;
  readonly secret: JudgedSecret;
  readonly history: readonly StageChange[];
  readonly conditions: readonly Condition[];
  /** These, and those that only old reads show. */
  readonly seen: readonly Condition[];
  readonly lives: readonly PendingLife[];
  /** Times during which its tags asked for silence. */
  readonly silences: readonly Stretch[];
  /** The decided notifications about it, in order. */
  readonly said: readonly Said[];
  /** The decided notifications about the secrets of its groups. */
  readonly groups: Groups;
  /** The outages that can have kept the monitor from looking or reporting. */
  readonly outages: readonly Outage[];
}

/** In chaos nobody can count on an event. */
export const EVENTS_MAY_BE_LOST = { eventsMayBeLost: true } as const;

/** The cases of a run: truth beside what was said, once the e-mails are matched; the last is about the target. */
export function casesOf(run: JudgedRun): readonly Case[] {
  const groups = groupsOf(run.said);
  return [...run.secrets.map((secret) => caseOf(run, secret, groups)), targetCase(run, groups)];
}

function caseOf(run: JudgedRun, secret: JudgedSecret, groups: Groups): Case {
  const { history, functionBroken } = secret;
  const known = { ...EVENTS_MAY_BE_LOST, endsAt: run.endsAt, functionBroken };
  const subject = { secret: secret.secret, history, ...known };
  return {
    run,
    secret,
    history,
    conditions: conditionsOf(subject),
    seen: conditionsOf(subject, run.describeStaleMaxMs),
    lives: pendingLives(history),
    silences: silencesOf(history),
    said: run.saidOf(secret.arn),
    groups,
    outages: run.outages,
  };
}

/** Makes the case of the target: the secrets could not be listed at all. */
function targetCase(run: JudgedRun, groups: Groups): Case {
  const { name, subject } = run.target;
  const nothing = { history: [], functionBroken: [], meddledAt: [] };
  return {
    run,
    secret: { arn: subject, name, secret: { name, kind: 'none' }, ...nothing },
    history: [],
    conditions: unreachable(name, run.lists),
    seen: [...unreachable(name, run.lists), ...unreachable(name, remembered(run))],
    lives: [],
    silences: [],
    said: run.saidOf(subject),
    groups,
    outages: run.outages.filter(({ stopsTelling }) => stopsTelling),
  };
}

/** Whether a run of a role, or of any, was killed between two moments. */
export const wasKilled = ({ kills }: JudgedRun, from: number, until: number, role?: string): boolean =>
  kills.some((kill) => kill.at >= from && kill.at <= until && (role ?? kill.role) === kill.role);

/** Whether a run of a role was killed between two moments, or an outage, or its end, touched that time. */
export const wasDisturbed = (run: JudgedRun, from: Instant, until: Instant, role?: string): boolean =>
  wasKilled(run, from, until, role) || recoveredAt(run, run.outages, from, until) > 0;

/**
 * A schedule invokes its target within a minute after its time, so that two sweeps lie up to a minute further apart than
 * their interval. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
const SCHEDULE_PRECISION_MS: number = MINUTE;

/**
 * Returns how long after a condition began, or ended, a look has to decide: the next sweep that shows it, and the age
 * of its list.
 */
export function decisionMs(
  { run, outages }: Pick<Case, 'run' | 'outages'>,
  from: Instant,
  checkedEveryMs = 0,
): number {
  const usual = run.sweepEveryMs + SCHEDULE_PRECISION_MS + run.listStaleMaxMs + checkedEveryMs;
  for (let ms = usual; ; ) {
    const waited = Math.max(
      usual + sweepsLost(run, from, ms) * run.sweepEveryMs,
      recoveredAt(run, outages, from, later(from, ms)) - from + checkedEveryMs,
    );
    if (waited <= ms) return ms;
    ms = waited;
  }
}

/** Queues give a message back, and leases end, within this time after an outage. */
const RECOVERY_MS: number = 20 * MINUTE;

/** Returns the time at which the monitor has caught up after the outages that touch a time; long ago when none does. */
export function recoveredAt(
  { sweepEveryMs, listStaleMaxMs }: JudgedRun,
  outages: readonly Outage[],
  from: Instant,
  until: Instant,
): Instant {
  const catchUpMs = 2 * sweepEveryMs + listStaleMaxMs + RECOVERY_MS;
  return outages
    .map((outage) => ({ from: outage.from, until: later(outage.until, catchUpMs) }))
    .filter((outage) => outage.from <= until && outage.until >= from)
    .reduce((latest, outage) => instant(Math.max(latest, outage.until)), instant(0));
}

/** Each sweep that was killed is one to wait for; so is the one after any other kill. */
function sweepsLost({ kills: all }: JudgedRun, from: Instant, ms: number): number {
  const kills = all.filter(({ at }) => at >= from && at <= from + ms);
  const ofSweeps = kills.filter(({ role }) => role === 'sweep').length;
  return ofSweeps + (kills.length > ofSweeps ? 1 : 0);
}

/**
 * Returns the states of a secret that a look may have shown: the one at the moment, and those within the greatest age
 * of a description.
 */
export function truthsSeenAt(
  { history, run }: Pick<Case, 'history' | 'run'>,
  at: Instant,
): readonly StageChange[] {
  const oldest = history.findLast((change) => change.at <= at - run.describeStaleMaxMs);
  const since = history.filter((change) => change.at > at - run.describeStaleMaxMs && change.at <= at);
  return oldest === undefined ? since : [oldest, ...since];
}

/** Returns the true state of a secret at a moment. */
export const truthAt = ({ history }: Pick<Case, 'history'>, at: Instant): StageChange | undefined =>
  history.findLast((change) => change.at <= at);

/** Answers that may have been written down: in an outage of the table nobody remembers that a list came through. */
const remembered = ({ lists, outages }: JudgedRun): readonly Answer[] =>
  lists.filter(
    ({ at, ok }) =>
      !ok || !outages.some(({ from, until, stopsTelling }) => stopsTelling && from <= at && at <= until),
  );
