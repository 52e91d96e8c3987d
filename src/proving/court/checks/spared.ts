import { HOUR } from '../../../calendar/instant.ts';
import { SEVERITY_NAMES } from '../../scenario/finding-names.ts';
import { type Groups, heldUntil, othersOf } from '../told/groups.ts';
import { isNews, type Said } from '../told/said.ts';

/** What was decided about the same secret, and about those it is told with. */
export interface Context {
  readonly said: readonly Said[];
  readonly groups: Groups;
}

/** Whether something left its outbox unsaid for a reason: its group had it wait, and by then there was nothing left to say. */
export const isSpared = (each: Said, context: Context): boolean =>
  isOvertaken(each, context) ||
  isCounted(each, context) ||
  isOutdated(each, context) ||
  isTakenBack(each, context);

const sameAlert = (each: Said, { said }: Context): readonly Said[] =>
  said.filter((other) => other !== each && other.notification.fingerprint === each.notification.fingerprint);

/** A later word about the same alert, not milder, was told by then. */
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

/** One repeat speaks for its group: another one was told within half the interval. */
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

/** It was over before its group was told again; then its end is not told either, unless people had heard of it. */
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
