import { type Instant, instant, MINUTE, parseInstant } from '../../../../src/domain/instant.ts';
import { type Condition, conditionsOf } from '../../../../src/simulator/scenario/ground-truth.ts';
import { type PendingLife, pendingLives } from '../../../../src/simulator/scenario/pending-lives.ts';
import type { StageChange } from '../../../../src/simulator/secrets-manager/secret-history.ts';
import type { Said } from '../journal.ts';
import type { ChaosRun } from '../run-chaos.ts';
import type { ChaosSecret } from '../world.ts';

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
}

/** The cases of a run: truth beside what was said, once the e-mails are matched. */
export function casesOf(run: ChaosRun): readonly Case[] {
  return run.world.secrets.map((secret) => {
    const history = run.world.simulator.secretsManager.history(secret.arn);
    const subject = { secret: secret.secret, history, eventsMayBeLost: true, endsAt: run.endsAt };
    return {
      run,
      secret,
      history,
      conditions: conditionsOf(subject).map(notBeforeItBegan),
      lives: pendingLives(history),
      said: run.journal.of(secret.arn),
    };
  });
}

/** A version that lost its label and got it back keeps its age, but nothing could be told while it was gone. */
const notBeforeItBegan = (condition: Condition): Condition => {
  const { since, tellableAt, tellableWithoutEventsAt: silently } = condition;
  return {
    ...condition,
    tellableAt: latest(since, tellableAt),
    tellableWithoutEventsAt: silently && latest(since, silently),
  };
};

const latest = (a: Instant, b: Instant): Instant => (a > b ? a : b);

/** How long after a condition began, or ended, people may learn of it: the sweep, the age of the list, the delivery. */
export function allowanceMs({ options, faults, trouble }: ChaosRun, from: Instant): number {
  const usual = options.sweepEveryMs + faults.listStaleMaxMs + DELIVERY_MS;
  const wasKilled = trouble.kills.some(({ at }) => at >= from - DELIVERY_MS && at <= from + usual);
  return wasKilled ? usual + options.sweepEveryMs + DELIVERY_MS : usual;
}

/** From the decision to the inbox: the wait for others of its group, a lease in the way, a message that comes back. */
export const DELIVERY_MS: number = 3 * MINUTE;

/** What was true of a secret at a moment. */
export const truthAt = ({ history }: Case, at: Instant): StageChange | undefined =>
  history.findLast((change) => change.at <= at);

/** The moment that an ISO text names. */
export const momentOf = (text: string): Instant => parseInstant(text) ?? instant(0);
