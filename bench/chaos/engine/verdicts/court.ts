import type { Instant } from '../../../../src/calendar/instant.ts';
import { type Condition, conditionsOf } from '../../../../src/proving/truth/ground-truth.ts';
import { type PendingLife, pendingLives } from '../../../../src/proving/truth/pending-lives.ts';
import type { StageChange } from '../../../../src/simulator/secrets-manager/store/secret-history.ts';
import type { Said } from '../journal.ts';
import type { ChaosRun } from '../run-chaos.ts';
import type { ChaosSecret } from '../world.ts';
import { type Groups, groupsOf } from './groups.ts';

/** Something that must not have happened. */
export interface Breach {
  readonly kind: string;
  readonly secret: string;
  readonly at: Instant;
  readonly text: string;
}

/** All that is known about one secret of a run. */
export interface Case {
  readonly run: ChaosRun;
  readonly secret: ChaosSecret;
  readonly history: readonly StageChange[];
  readonly conditions: readonly Condition[];
  readonly lives: readonly PendingLife[];
  /** What was decided about it, in order. */
  readonly said: readonly Said[];
  /** What was decided about the secrets it is told together with. */
  readonly groups: Groups;
}

/** The cases of a run: truth beside what was said, once the e-mails are matched. */
export function casesOf(run: ChaosRun): readonly Case[] {
  const groups = groupsOf(run.journal.all());
  return run.world.secrets.map((secret) => {
    const { history: historyOf, functions } = run.world.simulator.secretsManager;
    const history = historyOf(secret.arn);
    const functionBroken = functions.brokenStretches(secret.secret.function);
    const known = { eventsMayBeLost: true, endsAt: run.endsAt, functionBroken };
    const subject = { secret: secret.secret, history, ...known };
    return {
      run,
      secret,
      history,
      conditions: conditionsOf(subject),
      lives: pendingLives(history),
      said: run.journal.of(secret.arn),
      groups,
    };
  });
}

/** Whether a run of a role, or of any, was killed between two moments. */
export const wasKilled = ({ trouble }: ChaosRun, from: number, until: number, role?: string): boolean =>
  trouble.kills.some((kill) => kill.at >= from && kill.at <= until && (role ?? kill.role) === kill.role);

/** How long after a condition began, or ended, a look has to decide: the next sweep that shows it, and the age of its list. */
export function decisionMs(run: ChaosRun, from: Instant, checkedEveryMs = 0): number {
  const usual = run.options.sweepEveryMs + run.faults.listStaleMaxMs + checkedEveryMs;
  let ms = usual;
  for (let left = sweepsLost(run, from, ms); usual + left * run.options.sweepEveryMs > ms; ) {
    ms = usual + left * run.options.sweepEveryMs;
    left = sweepsLost(run, from, ms);
  }
  return ms;
}

/** Each sweep that was killed is one to wait for; so is the one after any other kill. */
function sweepsLost({ trouble }: ChaosRun, from: Instant, ms: number): number {
  const kills = trouble.kills.filter(({ at }) => at >= from && at <= from + ms);
  const ofSweeps = kills.filter(({ role }) => role === 'sweep').length;
  return ofSweeps + (kills.length > ofSweeps ? 1 : 0);
}

/** What was true of a secret at a moment. */
export const truthAt = ({ history }: Pick<Case, 'history'>, at: Instant): StageChange | undefined =>
  history.findLast((change) => change.at <= at);
