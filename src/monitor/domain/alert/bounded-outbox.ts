import { type Instant, MINUTE } from '../../../calendar/instant.ts';
import type { Fingerprint } from './alert.ts';
import type { Notification } from './notification.ts';

/**
 * More notifications than this wait only while nobody takes them; what is outdated among them is dropped then. With
 * some 4 KB each they stay far below the 400 KB of an item.
 */
const MAX_WAITING = 20;
/** A delivery that runs may have told the beginning of what ended within this time. */
const DELIVERY_MAY_RUN_MS: number = 10 * MINUTE;

/**
 * The outbox of one secret, bounded: where too much waits, what is over and was never told collapses, the oldest first.
 * The end of what people heard of is kept, and so is the beginning of what is open.
 */
export function boundedOutbox(outbox: readonly Notification[], now: Instant): readonly Notification[] {
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

/** Which of the notifications about one alert, in order, need not be told any more. */
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
