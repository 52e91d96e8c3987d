import { DAY, HOUR, type Instant, later, MINUTE } from '../../../calendar/instant.ts';
import { type ExplainedFinding, rankOf, type Severity } from '../finding/finding.ts';
import type { Alert } from './alert.ts';
import type { Reason, Silence, Transition } from './notification.ts';

/** Whether something is said about an open alert now, and why or why not. */
export type Decision =
  | { readonly speaks: true; readonly transition: Transition; readonly reason: Reason }
  | { readonly speaks: false; readonly because: 'inhibited' | 'silenced' | 'acknowledged' | 'told' };

/** The conditions of a decision, apart from the alert itself. */
export interface Circumstances {
  readonly now: Instant;
  /** A graver finding speaks for the same subject. */
  readonly inhibited: boolean;
  /** The silence in force for the subject. */
  readonly silence: Silence | undefined;
  /** Whether a silence may keep CRITICAL alerts quiet too. */
  readonly silenceCritical: boolean;
  /** Whether the tag about the users of the target has changed, and may be announced. */
  readonly strategyChanged: boolean;
}

/** An alert of this severity is repeated so many milliseconds after it was last reported, while it stays open. */
export const repeatIntervalMs = (severity: Severity): number => (severity === 'CRITICAL' ? 4 * HOUR : DAY);

/** Number of repeats after which it is only part of the weekly digest. */
const MAX_REPEATS = 5;
/** Time after which an unacknowledged CRITICAL alert goes to the escalation route. */
const ESCALATE_AFTER_MS = 30 * MINUTE;
/** The first Monday, 09:00 UTC, after the epoch: weekly digests fall on one moment, so that they are one message. */
const FIRST_DIGEST_MS = 4 * DAY + 9 * HOUR;

/** A tag that changes again and again is announced once in this time. */
const TAGS_ANNOUNCED_EVERY_MS: number = DAY;

/** Whether what a tag says may be announced again. */
export const mayAnnounce = (announcedAt: Instant | undefined, now: Instant): boolean =>
  announcedAt === undefined || now - announcedAt >= TAGS_ANNOUNCED_EVERY_MS;

/** Decides whether to speak about an open alert. Pure; each transition is decided for once. */
export function decide(
  alert: Alert,
  finding: Pick<ExplainedFinding, 'severity' | 'severityUntagged'>,
  now: Circumstances,
): Decision {
  if (now.inhibited) return quiet('inhibited');
  const { severityUntagged = finding.severity } = finding;
  if (now.silence !== undefined && (severityUntagged !== 'CRITICAL' || now.silenceCritical)) {
    const isNews = alert.silencedUntil !== now.silence.until && mayAnnounce(alert.silencedAt, now.now);
    return isNews || now.strategyChanged ? say('silenced', 'silenced') : quiet('silenced');
  }
  if (alert.toldSeverity === undefined || alert.lastToldAt === undefined) return say('opened', 'first');
  if (rankOf(finding.severity) > rankOf(alert.toldSeverity)) return say('rose', 'severity-rose');
  if (now.strategyChanged) return say('repeated', 'strategy-changed');
  if (alert.ack !== undefined && alert.ack.until > now.now) return quiet('acknowledged');
  return again(alert, alert.lastToldAt, { finding, now: now.now });
}

function again(
  alert: Alert,
  lastToldAt: Instant,
  { finding, now }: { readonly finding: Pick<ExplainedFinding, 'severity'>; readonly now: Instant },
): Decision {
  if (isToldOnce(alert, finding)) return quiet('told');
  const critical = finding.severity === 'CRITICAL';
  const interval = repeatIntervalMs(finding.severity);
  const silentFor = now - lastToldAt;
  if (critical && alert.escalatedAt === undefined && silentFor >= ESCALATE_AFTER_MS) {
    return say('escalated', 'unacknowledged');
  }
  if (alert.repeats >= MAX_REPEATS) {
    return week(now) > week(later(lastToldAt, interval)) ? say('repeated', 'weekly-digest') : quiet('told');
  }
  return silentFor >= interval ? say('repeated', 'repeat-interval') : quiet('told');
}

/** Whether an alert is not repeated: a replaced value is news, its staying in use is none. */
const isToldOnce = ({ code }: Alert, { severity }: Pick<ExplainedFinding, 'severity'>): boolean =>
  code === 'current-changed-outside-rotation' && severity === 'LOW';

const say = (transition: Transition, reason: Reason): Decision => ({ speaks: true, transition, reason });
const quiet = (because: Extract<Decision, { speaks: false }>['because']): Decision => ({
  speaks: false,
  because,
});
const week = (at: Instant): number => Math.floor((at - FIRST_DIGEST_MS) / (7 * DAY));
