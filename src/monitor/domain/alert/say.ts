import { type Instant, later } from '../../../calendar/instant.ts';
import type { ExplainedFinding } from '../finding/finding.ts';
import type { Strategy } from '../secret/policy.ts';
import type { Target } from '../secret/secret.ts';
import type { Alert } from './alert.ts';
import type { Notification, Reason, Silence, Transition } from './notification.ts';

/** The subject of alerts: a secret or a target. */
export interface Subject extends Target {
  /** Secret ARN, or the name of a target. */
  readonly id: string;
  readonly name: string;
  readonly rotationFunctionArn: string | undefined;
  readonly owner: string | undefined;
  /** A silence somebody asked for; in force only if it ends within 90 days. */
  readonly silence: Silence | undefined;
  /**
   * Strategy of its target's users by its tag; undefined where only a look could show the tag, and none was made.
   */
  readonly strategy?: Strategy | undefined;
}

/** The time and the settings that govern notifications. */
export interface Telling {
  readonly now: Instant;
  /** Set during a target's first sweep. */
  readonly baseline: boolean;
  /** Time a notification waits for others of its group, in milliseconds. */
  readonly groupWaitMs: number;
  /** The same for CRITICAL ones. */
  readonly criticalGroupWaitMs: number;
  /** Whether a silence may keep CRITICAL alerts quiet too. */
  readonly silenceCritical: boolean;
}

/** The contents of a notification. */
export interface Saying {
  /** The alert before this was decided. */
  readonly alert: Alert;
  readonly finding: ExplainedFinding;
  readonly subject: Subject;
  readonly telling: Telling;
}

/** Puts a transition of an alert into words that need no further look. */
export function notification(
  { transition, reason }: { readonly transition: Transition; readonly reason: Reason },
  { alert, finding, subject, telling }: Saying,
): Notification {
  const wait = finding.severity === 'CRITICAL' ? telling.criticalGroupWaitMs : telling.groupWaitMs;
  return {
    id: `${alert.fingerprint}@${transition}@${telling.now}`,
    fingerprint: alert.fingerprint,
    transition,
    reason,
    at: telling.now,
    notBefore: later(telling.now, wait),
    baseline: telling.baseline,
    secretArn: subject.id,
    secretName: subject.name,
    account: subject.account,
    region: subject.region,
    rotationFunctionArn: subject.rotationFunctionArn,
    owner: subject.owner,
    ...otherCompany(alert, subject),
    code: finding.code,
    severity: finding.severity,
    ...(alert.toldCode === undefined || alert.toldCode === finding.code ? {} : { toldAs: alert.toldCode }),
    finding,
    silence: transition === 'silenced' ? subject.silence : undefined,
    resolution: undefined,
  };
}

function otherCompany(
  { toldWith }: Alert,
  { rotationFunctionArn, owner }: Subject,
): Pick<Notification, 'toldWith'> {
  if (toldWith === undefined) return {};
  const isSame = toldWith.rotationFunctionArn === rotationFunctionArn && toldWith.owner === owner;
  return isSame ? {} : { toldWith };
}

/** Says that an alert is over, under the code that people heard, to those who heard it. */
export function resolution(
  alert: Alert,
  endedBy: string,
  { subject, telling }: Pick<Saying, 'subject' | 'telling'>,
): Notification {
  const finding: ExplainedFinding = {
    code: alert.toldCode ?? alert.code,
    severity: alert.severity,
    since: alert.since,
    pendingVersionId: alert.pendingVersionId,
    what: endedBy,
    why: [],
    credentialInUse: 'unknown',
    blastRadius: '',
    advice: [],
  };
  const said = notification(
    { transition: 'resolved', reason: 'resolved' },
    { alert, finding, subject, telling: { ...telling, criticalGroupWaitMs: telling.groupWaitMs } },
  );
  const escalated = alert.escalatedAt !== undefined;
  const { rotationFunctionArn, owner } = alert.toldWith ?? subject;
  return {
    ...said,
    rotationFunctionArn,
    owner,
    toldWith: undefined,
    resolution: { openedAt: alert.openedAt, endedBy, escalated },
  };
}

/** The end of an alert that closes without a message; undefined where nothing was reported. */
export function unsaidEnd(
  alert: Alert,
  { subject: id, name, account, region }: Target & { readonly subject: string; readonly name: string },
  now: Instant,
): Notification | undefined {
  if (alert.toldSeverity === undefined) return undefined;
  const subject = { id, name, account, region, rotationFunctionArn: undefined, owner: undefined };
  const telling = { now, baseline: false, groupWaitMs: 0, criticalGroupWaitMs: 0, silenceCritical: false };
  const end = resolution(alert, '', { subject: { ...subject, silence: undefined }, telling });
  return { ...end, unsaid: true };
}
