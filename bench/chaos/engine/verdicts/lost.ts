import { DAY, HOUR, type Instant, later } from '../../../../src/domain/instant.ts';
import { FINDING_NAMES } from '../../../../src/simulator/scenario/finding-names.ts';
import type { Condition } from '../../../../src/simulator/scenario/ground-truth.ts';
import { type Stretch, without } from '../../../../src/simulator/scenario/pending-lives.ts';
import type { Said } from '../journal.ts';
import { type ChaosSecret, isGrouped } from '../world.ts';
import { allowanceMs, type Breach, type Case, DELIVERY_MS } from './court.ts';
import { type Known, knownAlerts } from './known-alerts.ts';

/** By the order in which findings inhibit each other. */
const PRECEDENCE: readonly string[] = FINDING_NAMES;

const rank = (code: string): number => PRECEDENCE.indexOf(code);

/** Each condition that people were not told of in time, and each decision that never became an e-mail. */
export const lost = (each: Case): readonly Breach[] => [...untold(each), ...undelivered(each)];

function untold(each: Case): readonly Breach[] {
  const known = knownAlerts(each.said);
  return each.conditions.flatMap((condition) => gapIn(each, condition, known) ?? []);
}

/** The time in which a condition held, could be known without any event, and nobody knew of it or of a graver one. */
function gapIn(
  { run, secret, conditions }: Case,
  condition: Condition,
  known: readonly Known[],
): Breach | undefined {
  const { code, versionId, tellableWithoutEventsAt: from, until = run.endsAt } = condition;
  if (from === undefined || from >= until) return undefined;
  const excuses = [
    ...known.filter((alert) => covers(alert, condition)),
    ...conditions.flatMap((other) => inhibition(other, condition) ?? []),
    ...secret.silences,
  ];
  const gap = without({ from, until }, excuses).find(
    (left) => (left.until ?? run.endsAt) - left.from > allowanceMs(run, left.from) + groupingMs(secret),
  );
  if (gap === undefined) return undefined;
  const text = `${code} of ${versionId ?? 'the secret'} untold until ${when(gap.until)}`;
  return { kind: 'lost alert', secret: secret.name, at: gap.from, text };
}

/** A graver finding inhibits; about one version a new code is told only if the severity rises with it. */
const covers = (alert: Known, { code, versionId }: Condition): boolean =>
  alert.code === code ||
  rank(alert.code) < rank(code) ||
  (versionId !== undefined &&
    alert.versionId === versionId &&
    (MEDIUM.includes(code) || alert.severity === 'HIGH' || alert.severity === 'CRITICAL'));

/** The time in which a graver condition, which has to be told itself, stands in the way. */
const inhibition = (other: Condition, { code }: Condition): Stretch | undefined =>
  rank(other.code) < rank(code) && other.tellableWithoutEventsAt !== undefined
    ? { from: other.tellableWithoutEventsAt, until: other.until }
    : undefined;

/** A group that grows is told again at most hourly. */
const groupingMs = (secret: ChaosSecret): number => (isGrouped(secret) ? HOUR : 0);

/** Findings that begin as MEDIUM; the others are HIGH at least. */
const MEDIUM: readonly string[] = ['rotation-cancelled', 'rotation-failed'];

const when = (at: Instant | undefined): string => (at === undefined ? 'the end' : new Date(at).toISOString());

function undelivered({ run, secret, said }: Case): readonly Breach[] {
  return said
    .filter((each) => !(isGrouped(secret) && healedUnheard(each, said)))
    .filter(({ toldAt: [first], notification: { notBefore, transition } }) => {
      const usual = 2 * allowanceMs(run, notBefore) + DELIVERY_MS + groupingMs(secret);
      const isHeld = transition === 'resolved' && isGrouped(secret);
      const latest = later(notBefore, isHeld ? HELD_MS : usual);
      return latest < run.endsAt && (first === undefined || first >= latest);
    })
    .map(({ toldAt, notification: { at, transition, code } }) => {
      const text = `${transition} ${code} told ${toldAt[0] === undefined ? 'never' : when(toldAt[0])}`;
      return { kind: 'lost notification', secret: secret.name, at, text };
    });
}

/** An opening that was over before its group was told again is forgotten, and its resolution with it. */
function healedUnheard({ toldAt, notification }: Said, all: readonly Said[]): boolean {
  const same = all.filter((other) => other.notification.fingerprint === notification.fingerprint);
  const transitions = same.map((other) => other.notification.transition).sort();
  return (
    toldAt.length === 0 &&
    transitions.join() === 'opened,resolved' &&
    same.every((other) => other.toldAt.length === 0)
  );
}

/** A group is told to be over when all of it is; the longest incidents here take this long. */
const HELD_MS: number = 25 * DAY;
