import { HOUR, MINUTE } from '../../../../src/domain/instant.ts';
import type { ToldAlert } from '../../../../src/simulator/scenario/told-alert.ts';
import type { Said } from '../journal.ts';
import type { ChaosRun } from '../run-chaos.ts';
import { type Breach, momentOf } from './court.ts';

/** How long after a decision an e-mail can still be a second one about it. */
const SECOND_MAIL_MS: number = 2 * HOUR;

/** Two versions of one secret that are told by one line of an e-mail are decided within this time. */
const TOGETHER_MS: number = 2 * MINUTE;

/**
 * Finds for each e-mail what it tells, oldest first, and notes its time there. Answers e-mails that tell of nothing
 * that was decided, and second ones that no kill explains.
 */
export function matchMails(run: ChaosRun): readonly Breach[] {
  return run.told.flatMap((alert) => matched(run, alert) ?? []);
}

function matched(run: ChaosRun, alert: ToldAlert): Breach | undefined {
  const at = momentOf(alert.at);
  const about = run.journal.of(alert.secretArn).filter((said) => tells(alert, said));
  const open = about.filter(({ toldAt }) => toldAt.length === 0);
  const untold = open.find(({ notification }) => at - notification.notBefore <= SECOND_MAIL_MS) ?? open[0];
  const others = open.filter((each) => each !== untold);
  if (untold !== undefined) {
    const together = others.filter(
      ({ notification }) => notification.at - untold.notification.at < TOGETHER_MS,
    );
    for (const { toldAt } of [untold, ...together]) toldAt.push(at);
    return undefined;
  }
  const again = about.findLast(({ notification }) => at - notification.at <= SECOND_MAIL_MS);
  const breach = {
    secret: alert.secretName,
    at,
    text: `${alert.transition} ${alert.code}: "${alert.subject}"`,
  };
  if (again === undefined) return { ...breach, kind: 'told of nothing' };
  again.toldAt.push(at);
  const since = again.notification.at;
  const excused = run.trouble.kills.some(
    (kill) => kill.role === 'deliver' && kill.at >= since && kill.at <= at,
  );
  return excused ? undefined : { ...breach, kind: 'duplicate' };
}

/** Those of a group that are over are told together, whatever their codes were. */
const tells = (alert: ToldAlert, { notification }: Said): boolean =>
  notification.transition === alert.transition &&
  (notification.code === alert.code || alert.transition === 'resolved') &&
  notification.at <= momentOf(alert.at) + 1000;
