import { HOUR, type Instant, MINUTE } from '../../../calendar/instant.ts';
import { type Known, knownAlerts } from '../told/known-alerts.ts';
import { without } from '../truth/pending-lives.ts';
import { type Breach, type Case, decisionMs } from './case.ts';

/** Time that an alert that comes and goes is held open after it is clear. */
const HELD_MS: number = 30 * MINUTE;
/** Back within this time it is the same alert. */
const FLAPS_MS: number = HOUR;

/** Alerts that stayed open although their conditions were over. */
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
  const extra = without({ from, until }, about).find((left) => {
    const knownAt = alert.code === 'test-rotation-failed' ? heardOfAt(each, left.from) : left.from;
    return knownAt !== undefined && (left.until ?? run.endsAt) - knownAt > decisionMs(each, knownAt) + held;
  });
  if (extra === undefined) return undefined;
  const text = `${alert.code} is over, unresolved for ${hours((extra.until ?? run.endsAt) - extra.from)} h`;
  return { kind: 'unresolved', secret: secret.name, at: extra.from, text };
}

/**
 * Returns the time at which the monitor learned of a test that succeeded at `at`, which only its event reports;
 * undefined when never.
 */
function heardOfAt({ run, lives }: Case, at: Instant): Instant | undefined {
  const test = lives.find(({ until }) => until === at);
  if (test === undefined) return at;
  const heard = run.arrivedOf(test.versionId).find(({ eventName }) => eventName === 'TestRotationSucceeded');
  return heard?.arrivedAt;
}

const hours = (ms: number): string => (ms / HOUR).toFixed(1);
