import { HOUR, type Instant, instant, later, MINUTE } from '../../../calendar/instant.ts';
import { SEVERITY_NAMES } from '../../scenario/finding-names.ts';
import { type Groups, heldUntil, othersOf } from '../told/groups.ts';
import { isNews, type Said } from '../told/said.ts';
import { type Breach, type Case, type JudgedRun, recoveredAt, wasKilled } from './case.ts';

/** From the moment it may be sent to the inbox: a lease in the way, a message of the queue that comes back. */
const DELIVERY_MS: number = 2 * MINUTE;

/** Each decision that never became an e-mail, or too late. */
export const undelivered = ({ run, secret, said, groups }: Case): readonly Breach[] =>
  said.flatMap((each) => {
    const fault = faultOf(run, each, { said, groups });
    const { at, transition, code } = each.notification;
    const text = `${transition} ${code} ${fault}`;
    return fault === undefined ? [] : [{ kind: 'lost notification', secret: secret.name, at, text }];
  });

function faultOf(run: JudgedRun, each: Said, { said, groups }: Pick<Case, 'said' | 'groups'>) {
  const [first] = each.toldAt;
  if (first === undefined && each.clearedAt !== undefined) {
    return isSpared(each, { said, groups }) ? undefined : `left the outbox unsaid at ${iso(each.clearedAt)}`;
  }
  const latest = latestAt(run, each, heldUntil(each, groups));
  if (first === undefined) return latest < run.endsAt ? 'was never sent' : undefined;
  return first > latest ? `was sent ${iso(first)}, after ${iso(latest)}` : undefined;
}

/**
 * Returns the latest time for a notification's e-mail. One that waits on purpose, was interrupted by a kill, or belongs
 * to the digest of the first sweep is left to the next sweep.
 */
function latestAt(run: JudgedRun, { notification }: Said, heldTo: Instant): Instant {
  const prompt = later(heldTo, DELIVERY_MS);
  const isHeld = heldTo > notification.notBefore;
  const isInterrupted = wasKilled(run, notification.at, prompt);
  const sweeps = (isHeld || notification.baseline ? 1 : 0) + (isInterrupted ? 1 : 0);
  const usual = later(prompt, sweeps * (run.sweepEveryMs + DELIVERY_MS));
  return instant(Math.max(usual, recoveredAt(run, run.outages, notification.at, usual)));
}

const iso = (at: Instant): string => new Date(at).toISOString();

/** The decided notifications about the same secret, and about those in its groups. */
interface Context {
  readonly said: readonly Said[];
  readonly groups: Groups;
}

/** Whether something left its outbox unsaid for a reason: its group had it wait, and by then there was nothing left to say. */
const isSpared = (each: Said, context: Context): boolean =>
  isOvertaken(each, context) ||
  isCounted(each, context) ||
  isOutdated(each, context) ||
  isTakenBack(each, context);

const sameAlert = (each: Said, { said }: Context): readonly Said[] =>
  said.filter((other) => other !== each && other.notification.fingerprint === each.notification.fingerprint);

/** A later word about the same alert, not milder, was sent by then. */
function isOvertaken(each: Said, context: Context): boolean {
  const { transition, at, severity } = each.notification;
  if (!isNews(transition)) return false;
  return sameAlert(each, context).some(({ notification, toldAt: [toldAt] }) => {
    const isLater = isNews(notification.transition) && notification.at >= at;
    const isMilder = SEVERITY_NAMES.indexOf(notification.severity) < SEVERITY_NAMES.indexOf(severity);
    const isSameMessage = toldAt === each.clearedAt;
    return isLater && (isSameMessage || !isMilder) && toldAt !== undefined && toldAt <= (each.clearedAt ?? 0);
  });
}

/** One repeat speaks for its group: another one was sent within half the interval. */
function isCounted(each: Said, { groups }: Context): boolean {
  const { transition, at, severity } = each.notification;
  if (transition !== 'repeated') return false;
  const roundMs = (severity === 'CRITICAL' ? 4 * HOUR : 24 * HOUR) / 2;
  return othersOf(each, groups).some(
    ({ notification, toldAt: [toldAt] }) =>
      notification.transition === 'repeated' &&
      Math.abs(notification.at - at) < roundMs &&
      toldAt !== undefined &&
      toldAt <= (each.clearedAt ?? 0),
  );
}

/** It was over before its group was reported again; then its end is not reported either, unless its beginning was. */
function isOutdated(each: Said, context: Context): boolean {
  const { clearedAt, notification } = each;
  if (clearedAt === undefined || clearedAt > heldUntil(each, context.groups)) return false;
  const others = sameAlert(each, context).filter((other) => other.notification.at <= clearedAt);
  if (notification.transition !== 'resolved') {
    return others.some(
      (other) => other.notification.transition === 'resolved' && other.notification.at >= notification.at,
    );
  }
  const opening = others.findLast(
    (other) => other.notification.transition === 'opened' && other.notification.at <= notification.at,
  );
  return opening !== undefined && opening.clearedAt === clearedAt && opening.toldAt.length === 0;
}

/** An end that waited for its group until the alert was open again. */
function isTakenBack(each: Said, context: Context): boolean {
  const { clearedAt, notification } = each;
  if (notification.transition !== 'resolved' || clearedAt === undefined) return false;
  if (clearedAt > heldUntil(each, context.groups)) return false;
  return sameAlert(each, context).some(
    (other) =>
      other.notification.transition === 'opened' &&
      other.notification.at > notification.at &&
      other.notification.at <= clearedAt,
  );
}
