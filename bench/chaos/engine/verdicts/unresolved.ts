import { HOUR, later, MINUTE } from '../../../../src/domain/instant.ts';
import { without } from '../../../../src/simulator/scenario/pending-lives.ts';
import { allowanceMs, type Breach, type Case, DELIVERY_MS } from './court.ts';
import { type Known, knownAlerts } from './known-alerts.ts';

/** How long an alert that comes and goes is held open after it is clear. */
const HELD_MS: number = 31 * MINUTE;

/** Alerts that stayed open although what they tell was over. */
export const unresolved = (each: Case): readonly Breach[] =>
  knownAlerts(each.said).flatMap((alert) => overstayed(each, alert) ?? []);

function overstayed({ run, secret, conditions }: Case, alert: Known): Breach | undefined {
  if (['unverifiable', 'target-unreachable'].includes(alert.code)) return undefined;
  const about = conditions
    .filter(({ code, versionId }) =>
      alert.versionId === undefined ? code === alert.code : versionId === alert.versionId,
    )
    .map(({ since, until }) => ({ from: since, until }));
  const { from, until = run.endsAt } = alert;
  const held = alert.openedBefore >= 2 ? HELD_MS + run.options.sweepEveryMs : 0;
  const extra = without({ from, until }, about).find(
    (left) => (left.until ?? run.endsAt) - left.from > allowanceMs(run, left.from) + held,
  );
  if (extra === undefined) return undefined;
  const text = `${alert.code} was told and is over, unresolved for ${hours((extra.until ?? run.endsAt) - extra.from)} h`;
  return { kind: 'unresolved', secret: secret.name, at: later(extra.from, DELIVERY_MS), text };
}

const hours = (ms: number): string => (ms / HOUR).toFixed(1);
