import { type Instant, instant, later, MINUTE } from '../../../calendar/instant.ts';
import { type Alert, fingerprintOf, isOpen } from '../alert/alert.ts';
import { endedBy } from '../alert/ended-by.ts';
import { reconcile } from '../alert/reconcile.ts';
import { functionEvidence } from '../detect/broken-function.ts';
import type { Facts } from '../detect/detector.ts';
import { judge } from '../detect/judge.ts';
import { isStillLost } from '../detect/pending-abandoned.ts';
import { isHealed } from '../detect/pending-record.ts';
import {
  missing,
  type PendingLook,
  promotions,
  settling,
  sight,
  vanishing,
  withoutPutDate,
} from '../detect/pending-sight.ts';
import { offSettledAt, offSince, switchedOff } from '../detect/switched-off.ts';
import { unverifiable } from '../detect/unverifiable.ts';
import type { FunctionInspection } from '../examine/function-inspection.ts';
import type { ExplainedFinding, FindingCode } from '../finding/finding.ts';
import type { Evidence } from '../rotation/evidence.ts';
import { previousUse, stillPrevious } from '../rotation/previous-version.ts';
import { withProvenDate } from '../rotation/rotated-date.ts';
import type { ConsumerLease } from '../secret/consumer-lease.ts';
import { type PolicyDefaults, policyFor } from '../secret/policy.ts';
import { replicaSights } from '../secret/replica-sight.ts';
import { isReplica, type Secret } from '../secret/secret.ts';
import { valueDateAfter } from '../secret/value-date.ts';
import { pendingApart } from '../secret/version-stage.ts';
import type { PendingSight, SecretState, Trouble } from '../state/secret-state.ts';
import { explainedFindings, factsOf, subjectOf } from './explained-findings.ts';
import type { JudgingContext, Look } from './look.ts';
import { attributed, noted, promoted, refused, reminded, withoutOldProgress } from './remember.ts';

/** The state after a look, and what was found. */
export interface JudgedLook {
  readonly state: SecretState;
  /** In order of precedence. */
  readonly findings: readonly ExplainedFinding[];
}

/** Throttled looks in a row after which a secret counts as unverifiable. */
const TROUBLED_LOOKS = 3;
/** Sweeps without the secret, in list and in DescribeSecret, after which it counts as deleted. */
const ABSENT_SWEEPS = 2;
/** Time past its threshold after which a pending version is reported unconfirmed when only lists show it. */
const UNCONFIRMED_AFTER_MS: number = 10 * MINUTE;

/** The one step every trigger ends in: judges a secret by a look at it and brings its alerts in line. Pure. */
export function judgeLook(state: SecretState, look: Look, context: JudgingContext): JudgedLook {
  const remembered = reminded({ ...state, unread: undefined }, context.evidence);
  switch (look.kind) {
    case 'confirmed':
    case 'listed':
      return judgeSeen(remembered, look, context);
    case 'gone':
      return judgeGone(remembered, look.listed, context);
    case 'failed':
      return judgeBlind(remembered, look, context);
  }
}

function judgeSeen(
  state: SecretState,
  look: Extract<Look, { kind: 'confirmed' | 'listed' }>,
  context: JudgingContext,
): JudgedLook {
  const { secret } = look;
  const { now, examination } = context;
  const createdAt = look.kind === 'confirmed' ? look.createdAt : {};
  const remembered = remember(state, secret, {
    expectedWriters: context.policyDefaults.expectedWriters,
    createdAt,
    now,
    inspection: examination?.inspection,
  });
  const policy = policyFor(secret, context.policyDefaults);
  const valueDate = valueDateAfter(state.valueDate, { secret, policy, createdAt });
  const settledAt = offSettledAt(remembered, secret, now);
  const seen = { ...remembered, ...dailySight(state, look, now), valueDate, offSettledAt: settledAt };
  const facts = factsOf(seen, secret, context);
  const findings = explainedFindings(facts, context, context.now);
  const told = reconcile(
    seen,
    { subject: subjectOf(seen, secret, facts), findings, endOf: (alert) => endIn(facts, alert, now) },
    context,
  );
  const waits = { offSince: offWithin(facts, now) };
  const after = { ...seen, ...waits, ...told, trouble: undefined, absences: 0 };
  return { state: withoutOldProgress(after, facts, now), findings };
}

/**
 * While rotation is off and not reported, the next sweeps look again; no list says that it was on before. So they do
 * until it is certain that it is on again.
 */
function offWithin(facts: Facts, now: Instant): Instant | undefined {
  const { secret, policy } = facts;
  const mayBeOff = secret.rotationEnabled !== undefined && secret.deletedAt === undefined;
  const off = mayBeOff ? switchedOff(facts) : undefined;
  const since = off && offSince(off, secret);
  return since !== undefined && now - since <= policy.failedGraceMs ? since : undefined;
}

const endIn = (facts: Facts, alert: Alert, now: Instant): string | undefined =>
  isUndecided(alert, facts, now) ? undefined : endedBy(alert, facts.secret, facts);

function judgeGone(state: SecretState, listed: boolean, context: JudgingContext): JudgedLook {
  const absences = listed ? 0 : state.absences + 1;
  if (absences < ABSENT_SWEEPS) return { state: { ...state, absences }, findings: [] };
  const told = reconcile(
    state,
    { subject: subjectOf(state), findings: [], endOf: () => 'The secret no longer exists.' },
    context,
  );
  const nothing = {
    pending: undefined,
    progress: undefined,
    trouble: undefined,
    replicas: [],
    previousUse: undefined,
  };
  return { state: { ...state, ...told, ...nothing, absences }, findings: [] };
}

function judgeBlind(
  state: SecretState,
  look: Extract<Look, { kind: 'failed' }>,
  context: JudgingContext,
): JudgedLook {
  const { now } = context;
  const seen =
    look.secret === undefined ? state : { ...state, pending: listedSight(state, look.secret, context) };
  // An unreachable account is reported once, by the sweep, and not for each secret in it.
  if (look.ofTarget) return { state: seen, findings: [] };
  const looks = (state.trouble?.looks ?? 0) + 1;
  const trouble = { since: state.trouble?.since ?? now, reason: look.reason, looks };
  // Only the list shows the tags of a secret that cannot be looked at: its owner, and whether it is silenced.
  const isConclusive = look.secret !== undefined && (look.conclusive || looks >= TROUBLED_LOOKS);
  const findings = [
    ...unconfirmedFindings(seen, look.secret, context),
    ...(isConclusive ? [troubled(state, trouble, now)] : []),
  ];
  const graver = state.alerts.some((alert) => isOpen(alert) && alert.code !== 'unverifiable');
  const subject = subjectOf(seen, look.secret, look.secret && factsOf(seen, look.secret, context));
  const reported = graver ? findings.filter(({ code }) => code !== 'unverifiable') : findings;
  const told = reconcile(seen, { subject, findings: reported, endOf: () => undefined }, context);
  return { state: { ...seen, ...told, trouble }, findings };
}

const troubled = ({ name, subject, region }: SecretState, trouble: Trouble, now: Instant): ExplainedFinding =>
  unverifiable({ secretName: name, secretArn: subject, region, ...trouble }, now);

/** Findings that may open an alert by events and lists alone. */
const UNCONFIRMED_CODES: ReadonlySet<FindingCode> = new Set(['stuck-pending', 'rotation-failed']);

/**
 * The one exception to "never reported on the list alone": a pending version that lists have shown for too long after it
 * failed or got stuck. What is open already goes on while the list shows its version pending.
 */
function unconfirmedFindings(
  state: SecretState,
  secret: Secret | undefined,
  context: JudgingContext,
): readonly ExplainedFinding[] {
  if (secret === undefined || state.pending === undefined) return [];
  if (pendingApart(secret.versionStages) !== state.pending.versionId) return [];
  const facts = factsOf(state, secret, context);
  // The list may be older than the event of its success.
  if (isHealed(facts)) return [];
  const before = later(context.now, -UNCONFIRMED_AFTER_MS);
  const open = new Set(state.alerts.filter(isOpen).map(({ fingerprint }) => fingerprint));
  const goingOn = explainedFindings(facts, context, context.now).filter(
    ({ pendingVersionId, code }) =>
      pendingVersionId !== undefined && open.has(fingerprintOf(state.subject, { pendingVersionId, code })),
  );
  const late = explainedFindings(facts, context, before).filter(({ code }) => UNCONFIRMED_CODES.has(code));
  return (goingOn.length > 0 ? goingOn : late).map((finding) => ({
    ...finding,
    why: [UNCONFIRMED, ...finding.why],
  }));
}

/**
 * A list may be five minutes old: it can show a pending version, but not that one is gone. The version is as old as the
 * first sight of it; a single look has none before, and goes by LastChangedDate. Whether AWS moves that date with labels
 * is not known, so that it opens no alert.
 */
function listedSight(
  state: SecretState,
  secret: Secret,
  { now, isSingleLook }: JudgingContext,
): PendingSight | undefined {
  const since = instant(Math.min(now, (isSingleLook ? secret.lastChangedAt : undefined) ?? now));
  return (
    sight(state.pending, { secret, createdAt: {}, now: since, evidence: state.evidence }) ?? state.pending
  );
}

const UNCONFIRMED =
  'Unconfirmed: ListSecrets shows this, but secretsmanager:DescribeSecret or secretsmanager:ListSecretVersionIds failed.';

/** The additions of a look to the remembered state. */
interface Seen extends Omit<PendingLook, 'secret' | 'evidence'> {
  readonly inspection: FunctionInspection | undefined;
  readonly expectedWriters: readonly string[];
}

function remember(
  known: SecretState,
  secret: Secret,
  { inspection, expectedWriters, ...seen }: Seen,
): SecretState {
  const { now } = seen;
  const given = { now, expectedWriters };
  const proven = withProvenDate(secret, noted(known, secret, given), now);
  const named = attributed(known, proven, seen.createdAt);
  const current = noted(named, secret, given);
  const state = { ...named, evidence: withoutPutDate(named.evidence, current) };
  const look = { ...seen, secret: withProvenDate(secret, current, now), evidence: state.evidence };
  const pending = sight(state.pending, look);
  const facts = [
    vanishing(state.pending, look),
    ...missing(state, look),
    settling(state, look.secret),
    ...promotions(state, look),
    pending &&
      inspection &&
      functionEvidence(state.evidence, { inspection, secret, versionId: pending.versionId }),
  ];
  const added = facts.filter((fact) => fact !== undefined);
  const after = reminded({ ...state, name: secret.name, pending, current }, added);
  return promoted(refused(after), secret, now);
}

/** Returns the facts that no list shows, from the look or else from memory. */
function dailySight(
  known: Pick<SecretState, 'replicas' | 'previousUse'>,
  look: Extract<Look, { kind: 'confirmed' | 'listed' }>,
  now: Instant,
): Pick<SecretState, 'replicas' | 'previousUse'> {
  const { secret } = look;
  const requests = look.kind === 'confirmed' ? look.requests : undefined;
  return {
    replicas: replicaSights(known.replicas, secret, now),
    previousUse:
      requests === undefined ? stillPrevious(known.previousUse, secret) : previousUse(secret, requests),
  };
}

/**
 * Whether an alert stays open although no finding holds it up: the look could not show that it is over, or it is not.
 */
function isUndecided(alert: Alert, facts: Facts, now: Instant): boolean {
  const { code, pendingVersionId } = alert;
  if (facts.secret.deletedAt !== undefined) return false;
  switch (code) {
    case 'replication-failed':
      return facts.replicas !== undefined && facts.replicas.length > 0;
    case 'invalidation-unconfirmed':
      return facts.leases === undefined;
    default:
      // Another version that was given up may speak in place of an earlier one; that ends nothing. Nor does a date alone.
      return isStillLost(pendingVersionId, withProof(facts, now)) || isStillInDanger(alert, facts);
  }
}

const withProof = (facts: Facts, now: Instant): Facts => ({
  ...facts,
  secret: withProvenDate(facts.secret, facts.current, now),
});

/**
 * Whether a version is still in danger: an alert that was reported as CRITICAL ends by a success or with its version,
 * never because a tag asks for more patience.
 */
const isStillInDanger = ({ toldSeverity, pendingVersionId }: Alert, facts: Facts): boolean =>
  toldSeverity === 'CRITICAL' &&
  pendingVersionId !== undefined &&
  facts.pending?.versionId === pendingVersionId &&
  !isHealed(facts);

/** The context for a judgement by the list alone. */
interface Sight {
  readonly leases: readonly ConsumerLease[] | undefined;
  readonly policyDefaults: PolicyDefaults;
  readonly now: Instant;
}

/** Whether a listed secret deserves a look of its own: a pending version apart from the current one, or a finding. */
export function looksSuspicious(secret: Secret, { leases, policyDefaults, now }: Sight): boolean {
  if (secret.deletedAt !== undefined || isReplica(secret)) return false;
  if (pendingApart(secret.versionStages) !== undefined) return true;
  const policy = policyFor(secret, policyDefaults);
  const facts = { secret, pending: undefined, evidence: NO_EVIDENCE, policy, leases, eventsArrive: false };
  return judge(facts, now).length > 0;
}

/** One for all secrets: what is derived of evidence is kept with it. */
const NO_EVIDENCE: readonly Evidence[] = [];
