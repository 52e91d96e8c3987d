import type { Instant } from '../../../calendar/instant.ts';
import { FINDING_NAMES } from '../../scenario/finding-names.ts';
import { type Known, knownAlerts } from '../told/known-alerts.ts';
import { type Stretch, without } from '../truth/pending-lives.ts';
import { type Condition, quietTimes } from '../truth/truth.ts';
import { type Breach, type Case, decisionMs, EVENTS_MAY_BE_LOST } from './case.ts';

/** By the order in which findings inhibit each other. */
const PRECEDENCE: readonly string[] = FINDING_NAMES;

const rank = (code: string): number => PRECEDENCE.indexOf(code);

/** Each condition about which nothing was decided in time. */
export function lost(each: Case): readonly Breach[] {
  const known = knownAlerts(each.said);
  return each.conditions.flatMap((condition) => gapIn(each, condition, known) ?? []);
}

/**
 * The time in which a condition held, could be known without any event, and neither it nor a graver one was being
 * reported.
 */
function gapIn(each: Case, condition: Condition, known: readonly Known[]): Breach | undefined {
  const { run, secret, conditions } = each;
  const { code, versionId, tellableWithoutEventsAt: from, until = run.endsAt } = condition;
  if (from === undefined || from >= until) return undefined;
  const excuses = [
    ...known.filter((alert) => covers(alert, condition)),
    ...conditions
      .filter(({ code: other }) => rank(other) < rank(code))
      .flatMap((other) => inhibition(other, known)),
    ...quietTimes(condition, EVENTS_MAY_BE_LOST),
  ];
  const gap = without({ from, until }, excuses).find(
    (left) => (left.until ?? run.endsAt) - left.from > decisionMs(each, left.from, condition.checkedEveryMs),
  );
  if (gap === undefined) return undefined;
  const text = `${code} of ${versionId ?? 'the secret'} undecided until ${when(gap.until)}`;
  return { kind: 'lost alert', secret: secret.name, at: gap.from, text };
}

/** A graver finding inhibits; about one version a new code is reported only if the severity rises with it. */
const covers = (alert: Known, { code, versionId }: Condition): boolean =>
  alert.code === code ||
  rank(alert.code) < rank(code) ||
  (versionId !== undefined &&
    alert.versionId === versionId &&
    (MEDIUM.includes(code) || alert.severity === 'HIGH' || alert.severity === 'CRITICAL'));

/**
 * The time in which a graver condition stands in the way: one that has to be reported itself, or one that only events
 * can show, while people know of an alert about its version, under whatever code.
 */
function inhibition(graver: Condition, known: readonly Known[]): readonly Stretch[] {
  const { tellableWithoutEventsAt, versionId, since, until } = graver;
  if (tellableWithoutEventsAt !== undefined) return [{ from: tellableWithoutEventsAt, until }];
  return known
    .filter((alert) => versionId !== undefined && alert.versionId === versionId)
    .map((alert) => ({ from: latest(alert.from, since), until: earliest(alert.until, until) }))
    .filter(({ from, until: end }) => end === undefined || from < end);
}

const latest = (a: Instant, b: Instant): Instant => (a > b ? a : b);

const earliest = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;

/** Findings that begin as MEDIUM; the others are HIGH at least. */
const MEDIUM: readonly string[] = ['rotation-cancelled', 'rotation-failed'];

const when = (at: Instant | undefined): string => (at === undefined ? 'the end' : new Date(at).toISOString());
