import type { ExplainedFinding } from '../finding.ts';
import { SEVERITIES } from '../finding.ts';
import { HOUR, type Instant, later } from '../instant.ts';
import type { Target } from '../secret.ts';
import { type Alert, type Fingerprint, fingerprintOf, isOpen } from './alert.ts';
import type { Notification, Reason, Transition } from './notification.ts';

/** A resolved alert is remembered this long; back within it, it is the same alert. */
const REMEMBER_RESOLVED_MS = HOUR;

/** Whom and what the alerts are about. */
export interface Subject extends Target {
  /** Secret ARN, or the name of a target. */
  readonly id: string;
  readonly name: string;
  readonly rotationFunctionArn: string | undefined;
  readonly owner: string | undefined;
}

/** How the judgement is to be told. */
export interface Telling {
  readonly now: Instant;
  /** Set during a target's first sweep. */
  readonly baseline: boolean;
  /** How long a notification waits for others of its group, in milliseconds. */
  readonly groupWaitMs: number;
  /** The same for CRITICAL ones. */
  readonly criticalGroupWaitMs: number;
}

/** What a look led to. */
export interface Judgement {
  readonly subject: Subject;
  /** In order of precedence: the first speaks, the others are inhibited. */
  readonly findings: readonly ExplainedFinding[];
  /** Says what ended an alert that no finding holds up any more; undefined keeps it open, because the look could not tell. */
  readonly endOf: (alert: Alert) => string | undefined;
}

/** The alerts and what has to be said about them. */
export interface Told {
  readonly alerts: readonly Alert[];
  readonly outbox: readonly Notification[];
}

/**
 * Brings what was told in line with what is judged now: opens, raises and resolves alerts and puts each transition
 * into the outbox once. Pure; the same judgement a second time changes nothing.
 */
export function reconcile(told: Told, judgement: Judgement, telling: Telling): Told {
  const held = oneFindingPerAlert(judgement);
  const holding = [...held].map(([fingerprint, finding]) => {
    const known = told.alerts.find((alert) => alert.fingerprint === fingerprint);
    return hold(updated(known, { fingerprint, finding, now: telling.now }), { finding, judgement, telling });
  });
  const ending = told.alerts
    .filter(({ fingerprint }) => !held.has(fingerprint))
    .flatMap((alert) => end(alert, { judgement, telling }) ?? []);
  const steps = [...holding, ...ending];
  const said = steps.flatMap(({ says }) => says ?? []);
  return {
    alerts: steps.map(({ alert }) => alert).sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
    outbox: said.length === 0 ? told.outbox : [...told.outbox, ...said],
  };
}

/** What becomes of one alert, and what has to be said about it. */
interface Step {
  readonly alert: Alert;
  readonly says?: Notification;
}

/** An alert that a finding holds up: told when it is new or graver, unless another finding speaks for the subject. */
function hold(alert: Alert, about: Omit<Saying, 'alert'>): Step {
  const { finding, judgement, telling } = about;
  const speaks = finding === judgement.findings[0] ? transitionOf(alert, finding) : undefined;
  if (speaks === undefined) return { alert };
  return { alert: asTold(alert, finding, telling.now), says: notification(speaks, { alert, ...about }) };
}

/** An alert that no finding holds up: resolved, kept because the look could not tell, remembered, or forgotten. */
function end(alert: Alert, about: Pick<Saying, 'judgement' | 'telling'>): Step | undefined {
  const { judgement, telling } = about;
  if (!isOpen(alert)) return isRemembered(alert, telling.now) ? { alert } : undefined;
  const ended = judgement.endOf(alert);
  if (ended === undefined) return { alert };
  const resolved = { ...alert, resolvedAt: telling.now };
  if (alert.toldSeverity === undefined) return { alert: resolved };
  return { alert: resolved, says: resolution(alert, ended, about) };
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
    return {
      fingerprint,
      code,
      severity,
      pendingVersionId,
      since,
      openedAt: now,
      toldSeverity: undefined,
      toldCode: undefined,
      lastToldAt: undefined,
      resolvedAt: undefined,
    };
  }
  const back = isOpen(known) ? known : { ...known, toldSeverity: undefined };
  return { ...back, code, severity, resolvedAt: undefined };
}

function transitionOf(
  alert: Alert,
  { severity }: ExplainedFinding,
): { transition: Transition; reason: Reason } | undefined {
  if (alert.toldSeverity === undefined) return { transition: 'opened', reason: 'first' };
  if (SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(alert.toldSeverity)) return undefined;
  return { transition: 'rose', reason: 'severity-rose' };
}

const asTold = (alert: Alert, { code, severity }: ExplainedFinding, now: Instant): Alert => ({
  ...alert,
  toldSeverity: severity,
  toldCode: code,
  lastToldAt: now,
});

interface Saying {
  readonly alert: Alert;
  readonly finding: ExplainedFinding;
  readonly judgement: Judgement;
  readonly telling: Telling;
}

function notification(
  { transition, reason }: { transition: Transition; reason: Reason },
  { alert, finding, judgement: { subject }, telling }: Saying,
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
    code: finding.code,
    severity: finding.severity,
    finding,
    resolution: undefined,
  };
}

function resolution(
  alert: Alert,
  endedBy: string,
  { judgement, telling }: Pick<Saying, 'judgement' | 'telling'>,
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
    { alert, finding, judgement, telling: { ...telling, criticalGroupWaitMs: telling.groupWaitMs } },
  );
  return { ...said, resolution: { openedAt: alert.openedAt, endedBy } };
}
