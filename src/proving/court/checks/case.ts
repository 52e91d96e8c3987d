import type { Instant } from '../../../calendar/instant.ts';
import type { StageChange } from '../../../simulator/secrets-manager/store/secret-history.ts';
import type { Email } from '../../../simulator/sns/delivery.ts';
import type { ScenarioSecret } from '../../scenario/scenario.ts';
import { type Groups, groupsOf } from '../told/groups.ts';
import type { Read, Said } from '../told/said.ts';
import { type Condition, conditionsOf } from '../truth/ground-truth.ts';
import { type PendingLife, pendingLives, type Stretch } from '../truth/pending-lives.ts';
import { silencesOf } from '../truth/silences.ts';

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
  /** When its rotation function was gone or not to be invoked. */
  readonly functionBroken: readonly Stretch[];
  /** When somebody changed the value, a label or the target by hand, so that no evidence tells what logs in. */
  readonly meddledAt: readonly Instant[];
}

/** When a rotation event happened, and when the monitor first got it. */
interface ArrivedEvent {
  /** `RotationStarted`, `RotationFailed` and so on. */
  readonly eventName: string;
  readonly happenedAt: Instant;
  readonly arrivedAt: Instant;
}

/** A run before the court: what was true, what was decided, what was told, and what stood in the way. */
export interface JudgedRun {
  readonly endsAt: Instant;
  /** Between two sweeps, in milliseconds. */
  readonly sweepEveryMs: number;
  /** How old a list may be, in milliseconds. */
  readonly listStaleMaxMs: number;
  /** Whether the monitor asks to be woken when a pending version reaches its threshold. */
  readonly setsDeadlines: boolean;
  readonly secrets: readonly JudgedSecret[];
  /** Everything that was decided, in order; the judgement notes when it was told. */
  readonly said: readonly Said[];
  /** What was decided about one secret, in order. */
  saidOf(arn: string): readonly Said[];
  readonly emails: readonly Email[];
  /** What people read, one entry for each secret that an e-mail names. */
  readonly told: readonly Read[];
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
  readonly lives: readonly PendingLife[];
  /** When its tags asked that nobody is told. */
  readonly silences: readonly Stretch[];
  /** What was decided about it, in order. */
  readonly said: readonly Said[];
  /** What was decided about the secrets it is told together with. */
  readonly groups: Groups;
}

/** In chaos nobody can count on an event. */
export const EVENTS_MAY_BE_LOST = { eventsMayBeLost: true } as const;

/** The cases of a run: truth beside what was said, once the e-mails are matched. */
export function casesOf(run: JudgedRun): readonly Case[] {
  const groups = groupsOf(run.said);
  return run.secrets.map((secret) => {
    const { history, functionBroken } = secret;
    const known = { ...EVENTS_MAY_BE_LOST, endsAt: run.endsAt, functionBroken };
    return {
      run,
      secret,
      history,
      conditions: conditionsOf({ secret: secret.secret, history, ...known }),
      lives: pendingLives(history),
      silences: silencesOf(history),
      said: run.saidOf(secret.arn),
      groups,
    };
  });
}

/** Whether a run of a role, or of any, was killed between two moments. */
export const wasKilled = ({ kills }: JudgedRun, from: number, until: number, role?: string): boolean =>
  kills.some((kill) => kill.at >= from && kill.at <= until && (role ?? kill.role) === kill.role);

/** How long after a condition began, or ended, a look has to decide: the next sweep that shows it, and the age of its list. */
export function decisionMs(run: JudgedRun, from: Instant, checkedEveryMs = 0): number {
  const usual = run.sweepEveryMs + run.listStaleMaxMs + checkedEveryMs;
  let ms = usual;
  for (let left = sweepsLost(run, from, ms); usual + left * run.sweepEveryMs > ms; ) {
    ms = usual + left * run.sweepEveryMs;
    left = sweepsLost(run, from, ms);
  }
  return ms;
}

/** Each sweep that was killed is one to wait for; so is the one after any other kill. */
function sweepsLost({ kills: all }: JudgedRun, from: Instant, ms: number): number {
  const kills = all.filter(({ at }) => at >= from && at <= from + ms);
  const ofSweeps = kills.filter(({ role }) => role === 'sweep').length;
  return ofSweeps + (kills.length > ofSweeps ? 1 : 0);
}

/** What was true of a secret at a moment. */
export const truthAt = ({ history }: Pick<Case, 'history'>, at: Instant): StageChange | undefined =>
  history.findLast((change) => change.at <= at);
