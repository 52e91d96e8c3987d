import { HOUR, type Instant, MINUTE } from '../../../calendar/instant.ts';
import { type Known, knownAlerts } from '../told/known-alerts.ts';
import { without } from '../truth/pending-lives.ts';
import { type Breach, type Case, decisionMs } from './case.ts';

/** How long an alert that comes and goes is held open after it is clear. */
const HELD_MS: number = 30 * MINUTE;
/** Back within this time it is the same alert. */
const FLAPS_MS: number = HOUR;

/** Alerts that stayed open although what they tell was over. */
export function unresolved(each: Case): readonly Breach[] {
  const known = knownAlerts(each.said);
  return known.flatMap((alert) => overstayed(each, alert, isFlapping(alert, known)) ?? []);
}

/** An alert that opened for the third time, soon after it was last over. */
const isFlapping = (alert: Known, known: readonly Known[]): boolean =>
  alert.openedBefore >= 2 &&
  known.some(({ until, versionId }) => {
    const sameVersion = versionId === alert.versionId;
    return sameVersion && until !== undefined && until <= alert.from && alert.from - until <= FLAPS_MS;
  });

function overstayed(each: Case, alert: Known, flaps: boolean): Breach | undefined {
  if (alert.code === 'unverifiable') return undefined;
  const { run, secret, conditions } = each;
  const about = conditions
    .filter(({ code, versionId }) =>
      alert.versionId === undefined ? code === alert.code : versionId === alert.versionId,
    )
    .map(({ since, until, checkedEveryMs }) => ({ from: since, until, checkedEveryMs }));
  const { from, until = run.endsAt } = alert;
  const daily = Math.max(0, ...about.map(({ checkedEveryMs = 0 }) => checkedEveryMs));
  const held = daily + (flaps ? HELD_MS + run.sweepEveryMs : 0);
  const extra = without({ from, until }, about).find(
    (left) => (left.until ?? run.endsAt) - left.from > decisionMs(each, left.from) + held,
  );
  if (extra === undefined || (alert.code === 'test-rotation-failed' && isLost(each, extra.from)))
    return undefined;
  const text = `${alert.code} is over, unresolved for ${hours((extra.until ?? run.endsAt) - extra.from)} h`;
  return { kind: 'unresolved', secret: secret.name, at: extra.from, text };
}

/** Whether a test succeeded at `at` of which the monitor got no word: nothing but its event tells of it. */
const isLost = ({ run, lives }: Case, at: Instant): boolean =>
  lives.some(
    ({ versionId, until }) =>
      until === at &&
      !run.arrivedOf(versionId).some(({ eventName }) => eventName === 'TestRotationSucceeded'),
  );

const hours = (ms: number): string => (ms / HOUR).toFixed(1);
