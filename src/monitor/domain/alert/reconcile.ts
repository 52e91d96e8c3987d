import { DAY, HOUR, type Instant, MINUTE } from '../../../calendar/instant.ts';
import { type ExplainedFinding, rankOf, type Severity } from '../finding/finding.ts';
import type { Strategy } from '../secret/policy.ts';
import { LONGEST_SILENCE_MS } from '../secret/silence-tags.ts';
import { type Alert, type Fingerprint, fingerprintOf, isOpen, newAlert } from './alert.ts';
import { type Decision, decide, mayAnnounce } from './decide.ts';
import type { Notification, Silence } from './notification.ts';
import { notification, resolution, type Subject, type Telling } from './say.ts';

/** A resolved alert is remembered this long; back within it, it is the same alert. */
const REMEMBER_RESOLVED_MS = HOUR;
/** An alert that came back this often within the hour is held open until it has been clear for a while. */
const FLAPS_UNTIL_HELD = 2;
/** Time that a flapping alert has to be clear before it is resolved. */
const CLEAR_FOR_MS: number = 30 * MINUTE;

/** The result of a look, as far as alerts depend on it. */
export interface Judgement {
  readonly subject: Subject;
  /** In order of precedence: the first speaks, the others are inhibited. */
  readonly findings: readonly ExplainedFinding[];
  /**
   * Says what ended an alert that no finding holds up any longer; undefined keeps it open, because the look could not
   * decide it.
   */
  readonly endOf: (alert: Alert) => string | undefined;
}

/** The alerts and what has to be said about them. */
export interface Told {
  readonly alerts: readonly Alert[];
  readonly outbox: readonly Notification[];
}

/**
 * Brings the alerts in line with the present findings: opens, raises and resolves alerts and puts each transition into
 * the outbox once. Pure; the same judgement a second time changes nothing.
 */
export function reconcile(told: Told, judgement: Judgement, telling: Telling): Told {
  const held = oneFindingPerAlert(judgement);
  const holding = [...held].map(([fingerprint, finding]) => {
    const known = told.alerts.find((alert) => alert.fingerprint === fingerprint);
    const alert = updated(known, { fingerprint, finding, now: telling.now });
    return hold(alert, { finding, judgement, telling });
  });
  const ending = told.alerts
    .filter(({ fingerprint }) => !held.has(fingerprint))
    .flatMap((alert) => end(alert, { judgement, telling }) ?? []);
  const steps = [...holding, ...ending];
  const said = steps.flatMap(({ says }) => says ?? []);
  return {
    alerts: steps.map(({ alert }) => alert).sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
    outbox: said.length === 0 ? told.outbox : boundedOutbox([...told.outbox, ...said], telling.now),
  };
}

/** The next state of one alert, and the notification about it, if any. */
interface Step {
  readonly alert: Alert;
  readonly says?: Notification;
}

/** One finding of a judgement, to be reported. */
interface About {
  readonly finding: ExplainedFinding;
  readonly judgement: Judgement;
  readonly telling: Telling;
}

/** An alert that a finding holds up. */
function hold(known: Alert, given: About): Step {
  const { judgement, telling } = given;
  const { strategy = known.strategy } = judgement.subject;
  const change = mayAnnounce(known.strategyToldAt, telling.now)
    ? strategyChange(known.strategy, strategy)
    : undefined;
  const { finding } = given;
  const alert = { ...known, strategy: known.strategy ?? strategy };
  const decision = decide(alert, finding, {
    now: telling.now,
    inhibited: isInhibited(finding, judgement),
    silence: silenceInForce(judgement.subject, telling.now),
    silenceCritical: telling.silenceCritical,
    strategyChanged: change !== undefined,
  });
  if (!decision.speaks) return { alert };
  const announced = change === undefined ? {} : { strategy, strategyToldAt: telling.now };
  const told = { ...asTold(alert, decision, given), ...announced };
  const explained = change === undefined ? finding : { ...finding, why: [change, ...finding.why] };
  return {
    alert: told,
    says: notification(decision, { alert, finding: explained, telling, subject: judgement.subject }),
  };
}

/**
 * The first finding speaks. Only one that is CRITICAL is not kept quiet by a milder one; and a value that was changed
 * outside a rotation keeps nothing quiet, for its finding may stand until the next rotation.
 */
function isInhibited(finding: ExplainedFinding, { findings }: Judgement): boolean {
  const first = findings.find(({ code }) => code !== 'current-changed-outside-rotation');
  if (finding === first || first === undefined) return false;
  if (findings.indexOf(finding) < findings.indexOf(first)) return false;
  return finding.severity !== 'CRITICAL' || first.severity === 'CRITICAL';
}

/** Returns the remark about a tag that changes the severity of an alert; whoever writes tags may want it milder. */
const strategyChange = (before: Alert['strategy'], now: Alert['strategy']): string | undefined =>
  before === undefined || now === undefined || before === now
    ? undefined
    : `Its tag rotation-monitor:strategy has changed since the last notice about it: it was ${worded(before)} and is ${worded(now)} now.`;

const worded = (strategy: Strategy): string => (strategy === 'unknown' ? 'not set' : strategy);

function silenceInForce({ silence }: Subject, now: Instant): Silence | undefined {
  if (silence === undefined || silence.until <= now) return undefined;
  return silence.until - now <= LONGEST_SILENCE_MS + DAY ? silence : undefined;
}

/** An alert that no finding holds up: resolved, kept because the look could not decide it, remembered, or forgotten. */
function end(alert: Alert, about: Omit<About, 'finding'>): Step | undefined {
  const { judgement, telling } = about;
  if (!isOpen(alert)) return isRemembered(alert, telling.now) ? { alert } : undefined;
  const ended = judgement.endOf(alert);
  if (ended === undefined) return { alert };
  const clearSince = alert.clearSince ?? telling.now;
  if (alert.flaps >= FLAPS_UNTIL_HELD && telling.now - clearSince < CLEAR_FOR_MS) {
    return { alert: { ...alert, clearSince } };
  }
  const resolved = { ...alert, clearSince: undefined, resolvedAt: telling.now };
  if (alert.toldSeverity === undefined) return { alert: resolved };
  return { alert: resolved, says: resolution(alert, ended, { telling, subject: judgement.subject }) };
}

const isRemembered = ({ resolvedAt }: Alert, now: Instant): boolean =>
  resolvedAt !== undefined && now - resolvedAt < REMEMBER_RESOLVED_MS;

function oneFindingPerAlert({ subject, findings }: Judgement): ReadonlyMap<Fingerprint, ExplainedFinding> {
  const held = new Map<Fingerprint, ExplainedFinding>();
  for (const finding of findings) {
    const fingerprint = fingerprintOf(subject.id, finding);
    if (!held.has(fingerprint)) held.set(fingerprint, finding);
  }
  return held;
}

interface Update {
  readonly fingerprint: Fingerprint;
  readonly finding: ExplainedFinding;
  readonly now: Instant;
}

function updated(known: Alert | undefined, { fingerprint, finding, now }: Update): Alert {
  const { code, severity, pendingVersionId, since } = finding;
  if (known === undefined || (!isOpen(known) && !isRemembered(known, now))) {
    return newAlert({ fingerprint, code, severity, pendingVersionId, since, openedAt: now });
  }
  const { openedAt, flaps } = known;
  const back = isOpen(known)
    ? known
    : {
        ...newAlert({ fingerprint, code, severity, pendingVersionId, since, openedAt }),
        flaps: flaps + 1,
        strategy: known.strategy,
      };
  return { ...back, code, severity, clearSince: undefined };
}

type Speaking = Extract<Decision, { speaks: true }>;

/** The alert after it was reported; a silence that is announced leaves it unreported. */
function asTold(
  alert: Alert,
  { transition, reason }: Speaking,
  { finding, judgement, telling }: About,
): Alert {
  const { now } = telling;
  if (transition === 'silenced') {
    return { ...alert, silencedUntil: judgement.subject.silence?.until, silencedAt: now };
  }
  const { code, severity } = finding;
  const { rotationFunctionArn, owner } = judgement.subject;
  return {
    ...alert,
    toldSeverity: gravest(alert.toldSeverity, severity),
    toldCode: code,
    toldWith: { rotationFunctionArn, owner },
    // A change of a tag is no repeat: whoever writes tags would use repeats up, and put off what comes next.
    ...(reason === 'strategy-changed'
      ? {}
      : { lastToldAt: now, repeats: transition === 'repeated' ? alert.repeats + 1 : alert.repeats }),
    escalatedAt: transition === 'escalated' ? now : alert.escalatedAt,
    ack: transition === 'rose' ? undefined : alert.ack,
  };
}

const gravest = (told: Severity | undefined, now: Severity): Severity =>
  told !== undefined && rankOf(told) > rankOf(now) ? told : now;

/**
 * More notifications than this wait only while nobody takes them; what is outdated among them is dropped then. With
 * some 4 KB each they stay far below the 400 KB of an item.
 */
const MAX_WAITING = 20;
/** A delivery that runs may have sent the beginning of an alert that ended within this time. */
const DELIVERY_MAY_RUN_MS: number = 10 * MINUTE;

/**
 * The outbox of one secret, bounded: where too much waits, alerts that are over and were never reported collapse, the
 * oldest first. The end of a reported alert is kept, and so is the beginning of an open one.
 */
export const boundedOutbox = (outbox: readonly Notification[], now: Instant): readonly Notification[] =>
  shortened(collapsed(outbox, now));

/**
 * Characters that wait at most: an item of DynamoDB takes 400 KB, and what is known of the secret stands in it, too.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const MOST_TEXT = 150_000;
/** The explanation that remains of what has waited longest. */
const DROPPED: Pick<ExplainedFinding, 'why' | 'advice'> = {
  why: ['This notice has waited for so long, with so many others, that its details were dropped.'],
  advice: [{ text: 'Run the command after "Explain": it says what is so now and what to do.', commands: [] }],
};

/**
 * Keeps what waits near {@link MOST_TEXT}: many versions of one secret may be lost, each with an alert that is open. Of
 * each open alert the last news stands for all else, and all but the newest lose their details, the oldest first.
 */
function shortened(outbox: readonly Notification[]): readonly Notification[] {
  if (outbox.reduce((sum, each) => sum + lengthOf(each), 0) <= MOST_TEXT) return outbox;
  const said = byAlert(outbox);
  const kept = outbox.filter((each) => isNeeded(each, said.get(each.fingerprint) ?? []));
  let excess = kept.reduce((sum, each) => sum + lengthOf(each), -MOST_TEXT);
  const newest = kept.findLast(hasAdvice);
  return kept.map((each) => {
    if (excess <= 0 || each === newest || !hasAdvice(each)) return each;
    const { changes: _changes, ...finding } = each.finding;
    const short = { ...each, finding: { ...finding, ...DROPPED } };
    excess -= Math.max(0, lengthOf(each) - lengthOf(short));
    return short;
  });
}

const hasAdvice = ({ finding }: Notification): boolean => finding.advice.length > 0;

const lengthOf = (notification: Notification): number => JSON.stringify(notification).length;

const NEWS: ReadonlySet<Notification['transition']> = new Set(['opened', 'rose', 'escalated']);

/** Whether no later notification about an open alert stands for one; `said` are all about its alert. */
function isNeeded(notification: Notification, said: readonly Notification[]): boolean {
  if (said.at(-1)?.transition === 'resolved' || notification.transition === 'silenced') return true;
  const begins = said.findLastIndex(({ transition }) => transition === 'resolved') + 1;
  const present = said.slice(begins);
  const last = present.findLast(({ transition }) => NEWS.has(transition)) ?? present.at(-1);
  return notification === last || said.indexOf(notification) < begins;
}

/** Leaves out what is over and was never reported, and repeats of what is open, where much waits. */
function collapsed(outbox: readonly Notification[], now: Instant): readonly Notification[] {
  if (outbox.length <= MAX_WAITING) return outbox;
  let kept = withoutOldSilences(outbox);
  for (const said of byAlert(kept).values()) {
    if (kept.length <= MAX_WAITING) break;
    const dropped = new Set(outdated(said, now));
    kept = kept.filter((each) => !dropped.has(each));
  }
  return kept;
}

/** The announcements of a secret's silences but for the last: it says what the others say. */
function withoutOldSilences(outbox: readonly Notification[]): readonly Notification[] {
  const last = outbox.findLast(({ transition }) => transition === 'silenced');
  return outbox.filter((each) => each === last || each.transition !== 'silenced');
}

function byAlert(outbox: readonly Notification[]): ReadonlyMap<Fingerprint, readonly Notification[]> {
  const alerts = new Map<Fingerprint, Notification[]>();
  for (const each of outbox) {
    const said = alerts.get(each.fingerprint);
    if (said === undefined) alerts.set(each.fingerprint, [each]);
    else said.push(each);
  }
  return alerts;
}

/** Returns the notifications about one alert that need not be sent any longer; `said` is in order. */
function outdated(said: readonly Notification[], now: Instant): readonly Notification[] {
  const last = said.at(-1);
  if (last?.transition === 'resolved') {
    if (now - last.at < DELIVERY_MAY_RUN_MS) return [];
    return said[0]?.transition === 'opened' ? said : said.slice(0, -1);
  }
  const begins = said.findLastIndex(({ transition }) => transition === 'resolved') + 1;
  const repeats = said.slice(begins, -1).filter(({ transition }) => transition === 'repeated');
  return [...said.slice(0, begins), ...repeats];
}
