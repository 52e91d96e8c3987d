import { type Instant, later, MINUTE } from '../../src/calendar/instant.ts';
import type { Email } from '../../src/simulator/sns/delivery.ts';
import { aDeployment, type Deployed, START } from './deployed.ts';
import { PLAYS } from './failure-modes.ts';

/** A failure mode that was played to its end. */
export interface Played extends Deployed {
  readonly beganAt: Instant;
  /** E-mails that say that something is wrong. */
  alarming(): readonly Email[];
}

/** What a play is given besides itself. */
interface Circumstances {
  /** How long to look on at least. */
  readonly forMs?: number;
  /** Share of the events that are lost. */
  readonly drop?: number;
  /** Settings other than the usual ones. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Plays a failure mode; the first sweep is over when it begins. */
export async function played(
  id: string,
  { forMs = 0, drop = 0, environment = {} }: Circumstances = {},
): Promise<Played> {
  const play = PLAYS[id];
  if (play === undefined) throw new Error(`Nobody plays ${id}`);
  const deployed = await aDeployment(play.prepare, environment);
  const { clock, eventBridge } = deployed.simulator;
  if (drop > 0) eventBridge.setFaults({ drop });
  await clock.advanceTo(later(START, 6 * MINUTE));
  const beganAt = await play.begin(deployed.simulator);
  await clock.advanceTo(later(beganAt, Math.max(play.forMs, forMs)));
  const alarming = () => deployed.mails().filter(({ subject }) => !/^\[(RESOLVED|SILENCED)\]/.test(subject));
  return { ...deployed, beganAt, alarming };
}
