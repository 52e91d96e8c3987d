import { type Instant, instant, later, MINUTE } from '../../src/calendar/instant.ts';
import { currentLogsIn } from '../../src/proving/court/truth/ground-truth.ts';
import type { Email } from '../../src/simulator/sns/delivery.ts';
import { aDeployment, type Deployed, type DeployedOptions, START } from './deployed.ts';
import { NAME } from './failure-mode-stage.ts';
import { PLAYS } from './failure-modes.ts';
import type { TestSimulator } from './simulated.ts';

/** A failure mode that was played to its end. */
export interface Played extends Deployed {
  readonly beganAt: Instant;
  /** E-mails that say that something is wrong. */
  alarming(): readonly Email[];
  /** Claims about the credential in use that people read, minute by minute, beside the truth. */
  readonly claims: readonly Claim[];
}

/** The claim about the credential in use at a moment, in the last e-mail of an alert that is open. */
export interface Claim {
  readonly at: Instant;
  readonly said: string;
  /** Whether AWSCURRENT has the password that the target takes; undefined while nothing needed the target. */
  readonly logsIn: boolean | undefined;
  /** Time for which that has been so. */
  readonly sinceMs: number;
}

/** Circumstances of a play: sweeps may come seldom where what is shown needs only a few of them. */
interface Circumstances extends Pick<DeployedOptions, 'props' | 'sweepEveryMs'> {
  /** Shortest time to look on. */
  readonly forMs?: number;
  /** Share of the events that are lost. */
  readonly drop?: number;
  /** Sets up further circumstances before the beginning. */
  readonly prepare?: (simulator: TestSimulator) => void;
}

/** Plays a failure mode; the first sweep is over when it begins. */
export async function played(
  id: string,
  { forMs = 0, drop = 0, prepare = () => undefined, ...options }: Circumstances = {},
): Promise<Played> {
  const play = PLAYS[id];
  if (play === undefined) throw new Error(`Nobody plays ${id}`);
  const deployed = await aDeployment(play.prepare, options);
  const { clock, eventBridge } = deployed.simulator;
  if (drop > 0) eventBridge.setFaults({ drop });
  prepare(deployed.simulator);
  await clock.advanceTo(later(START, 6 * MINUTE));
  const beganAt = await play.begin(deployed.simulator);
  const endsAt = later(beganAt, Math.max(play.forMs, forMs));
  const claims: Claim[] = [];
  while (clock.now() < endsAt) {
    await clock.advanceTo(instant(Math.min(later(clock.now(), MINUTE), endsAt)));
    claims.push(...claimIn(deployed));
  }
  const alarming = () => deployed.mails().filter(({ subject }) => !/^\[(RESOLVED|SILENCED)\]/.test(subject));
  return { ...deployed, beganAt, alarming, claims };
}

/** Modes that a sweep alone finds, and the last mail of which has to come within the time of the play. */
const FOUND_BY_SWEEPS: readonly string[] = ['F23', 'F24'];

/** Plays a failure mode for its last mail and what is left behind: the sweeps between bring nothing new. */
export const playedForTheLastMail = (id: string): Promise<Played> =>
  played(id, FOUND_BY_SWEEPS.includes(id) ? {} : { sweepEveryMs: 15 * MINUTE });

const watched = new Map<string, Promise<Played>>();

/**
 * A failure mode that was played to its end without any circumstances, once for all tests that only look at it. Time
 * stands still there, and nothing may be changed.
 */
export function watchedPlay(id: string): Promise<Played> {
  const play = watched.get(id) ?? played(id);
  watched.set(id, play);
  return play;
}

function claimIn({ simulator: { clock, secretsManager }, mails }: Deployed): readonly Claim[] {
  const mail = mails().findLast(({ subject }) => subject.includes(NAME) && !subject.startsWith('[SILENCED]'));
  const [, said] = /^CREDENTIAL IN USE: ([a-z ]+)/m.exec(mail?.message ?? '') ?? [];
  if (said === undefined || mail?.subject.startsWith('[RESOLVED]')) return [];
  const history = secretsManager
    .history(NAME)
    .map((change) => ({ at: change.at, logsIn: currentLogsIn(change) }));
  const logsIn = history.at(-1)?.logsIn;
  const other = history.findLast((change) => change.logsIn !== logsIn)?.at;
  const since = history.find(({ at }) => other === undefined || at > other)?.at;
  return [{ at: clock.now(), said, logsIn, sinceMs: clock.now() - (since ?? clock.now()) }];
}

/** The claims that were not so, and could be known not to be: for longer than an alert about it may take. */
export const untrueClaims = (claims: readonly Claim[], withinMs: number): readonly Claim[] =>
  claims.filter(
    ({ said, logsIn, sinceMs }) =>
      sinceMs > withinMs && ((said === 'good' && logsIn === false) || (said === 'broken' && logsIn === true)),
  );
