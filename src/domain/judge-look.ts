import { type Alert, isOpen } from './alert/alert.ts';
import { endedBy } from './alert/ended-by.ts';
import { reconcile } from './alert/reconcile.ts';
import type { Subject, Telling } from './alert/say.ts';
import type { Facts } from './detect/detector.ts';
import { judge } from './detect/judge.ts';
import { isStillLost } from './detect/pending-abandoned.ts';
import { unverifiable } from './detect/unverifiable.ts';
import { type Evidence, withEvidence } from './evidence.ts';
import { explain } from './explain/explain.ts';
import type { ExplainedFinding } from './finding.ts';
import { type Instant, later, MINUTE } from './instant.ts';
import { aged, settling, sight, vanishing } from './pending-sight.ts';
import { type PolicyDefaults, policyFaults, policyFor } from './policy.ts';
import type { Secret } from './secret.ts';
import type { PendingSight, SecretState, Trouble } from './secret-state.ts';

/** What looking at a secret brought. */
export type Look =
  /** DescribeSecret answered; `createdAt` by version id as far as asked for. */
  | {
      readonly kind: 'confirmed';
      readonly secret: Secret;
      readonly createdAt: Readonly<Record<string, Instant>>;
    }
  /** Only the list was read: enough to foresee, not to tell. */
  | { readonly kind: 'listed'; readonly secret: Secret }
  /** DescribeSecret found no such secret; `listed` while the list still has it. */
  | { readonly kind: 'gone'; readonly listed: boolean }
  /** DescribeSecret or ListSecretVersionIds failed; `conclusive` when trying again soon cannot help. */
  | {
      readonly kind: 'failed';
      readonly secret: Secret | undefined;
      readonly reason: string;
      readonly conclusive: boolean;
    };

/** What judging needs besides the look. */
export interface JudgingContext extends Telling {
  /** Facts from events or from comparing sweeps; known ones are dropped. */
  readonly evidence: readonly Evidence[];
  readonly policyDefaults: PolicyDefaults;
  readonly eventsArrive: boolean;
}

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
/** How long past its threshold a pending version seen only in lists must be before it is told unconfirmed. */
const UNCONFIRMED_AFTER_MS: number = 10 * MINUTE;

/** The one step every trigger ends in: judges a secret by a look at it and brings its alerts in line. Pure. */
export function judgeLook(state: SecretState, look: Look, context: JudgingContext): JudgedLook {
  const remembered = { ...state, evidence: withEvidence(state.evidence, context.evidence) };
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
  const seen = remember(state, secret, {
    createdAt: look.kind === 'confirmed' ? look.createdAt : {},
    now: context.now,
  });
  const facts = factsOf(seen, secret, context);
  const findings = explained(facts, context, context.now);
  const told = reconcile(
    seen,
    { subject: subjectOf(seen, secret, facts), findings, endOf: (alert) => endIn(facts, alert) },
    context,
  );
  return { state: { ...seen, ...told, trouble: undefined, absences: 0 }, findings };
}

/** Another version that was given up may speak in place of an earlier one; that ends nothing. */
const endIn = (facts: Facts, alert: Alert): string | undefined =>
  facts.secret.deletedAt === undefined && isStillLost(alert.pendingVersionId, facts)
    ? undefined
    : endedBy(alert, facts.secret);

function judgeGone(state: SecretState, listed: boolean, context: JudgingContext): JudgedLook {
  const absences = listed ? 0 : state.absences + 1;
  if (absences < ABSENT_SWEEPS) return { state: { ...state, absences }, findings: [] };
  const told = reconcile(
    state,
    { subject: subjectOf(state), findings: [], endOf: () => 'The secret no longer exists.' },
    context,
  );
  return { state: { ...state, ...told, pending: undefined, trouble: undefined, absences }, findings: [] };
}

function judgeBlind(
  state: SecretState,
  look: Extract<Look, { kind: 'failed' }>,
  context: JudgingContext,
): JudgedLook {
  const { now } = context;
  const looks = (state.trouble?.looks ?? 0) + 1;
  const trouble = { since: state.trouble?.since ?? now, reason: look.reason, looks };
  const seen =
    look.secret === undefined ? state : { ...state, pending: listedSight(state, look.secret, now) };
  const findings = [
    ...unconfirmedFindings(seen, look.secret, context),
    ...(look.conclusive || looks >= TROUBLED_LOOKS ? [troubled(state, trouble, now)] : []),
  ];
  const graver = state.alerts.some((alert) => isOpen(alert) && alert.code !== 'unverifiable');
  const told = graver
    ? { alerts: state.alerts, outbox: state.outbox }
    : reconcile(seen, { subject: subjectOf(seen, look.secret), findings, endOf: () => undefined }, context);
  return { state: { ...seen, ...told, trouble }, findings };
}

const troubled = ({ name, subject, region }: SecretState, trouble: Trouble, now: Instant): ExplainedFinding =>
  unverifiable({ secretName: name, secretArn: subject, region, ...trouble }, now);

/** The one exception to "never told on the list alone": a pending version that lists have shown for too long. */
function unconfirmedFindings(
  state: SecretState,
  secret: Secret | undefined,
  context: JudgingContext,
): readonly ExplainedFinding[] {
  if (secret === undefined || state.pending === undefined) return [];
  const facts = factsOf(state, secret, context);
  const before = later(context.now, -UNCONFIRMED_AFTER_MS);
  return explained(facts, context, before)
    .filter(({ code }) => code === 'stuck-pending')
    .map((finding) => ({ ...finding, why: [UNCONFIRMED, ...finding.why] }));
}

/** A list may be five minutes old: it can show a pending version, but not that one is gone. */
const listedSight = (state: SecretState, secret: Secret, now: Instant): PendingSight | undefined =>
  sight(state.pending, { secret, createdAt: {}, now }) ?? state.pending;

const UNCONFIRMED = 'Unconfirmed: this is what ListSecrets shows; DescribeSecret could not be asked.';

function remember(
  state: SecretState,
  secret: Secret,
  { createdAt, now }: { createdAt: Readonly<Record<string, Instant>>; now: Instant },
): SecretState {
  const look = { secret, createdAt, now };
  const seen = [vanishing(state.pending, look), settling(state.evidence, secret)];
  return {
    ...state,
    name: secret.name,
    pending: sight(state.pending, look),
    evidence: withEvidence(
      state.evidence,
      seen.filter((fact) => fact !== undefined),
    ),
  };
}

const factsOf = (state: SecretState, secret: Secret, context: JudgingContext): Facts => ({
  secret,
  pending: aged(state.pending, secret, state.evidence),
  evidence: state.evidence,
  policy: policyFor(secret, context.policyDefaults),
  eventsArrive: context.eventsArrive,
});

function explained(facts: Facts, context: JudgingContext, now: Instant): readonly ExplainedFinding[] {
  const ignored = policyFaults(facts.secret, context.policyDefaults).map(
    ({ tag, expected }) => `Its tag ${tag} is ignored: it has to be ${expected}.`,
  );
  return judge(facts, now).map((finding) => {
    const { why, ...rest } = explain(finding, facts, now);
    return { ...finding, ...rest, why: [...why, ...ignored] };
  });
}

const subjectOf = (state: SecretState, secret?: Secret, facts?: Facts): Subject => ({
  id: state.subject,
  name: state.name,
  account: state.account,
  region: state.region,
  rotationFunctionArn: secret?.rotationFunctionArn,
  owner: facts?.policy.owner,
  silence: facts?.policy.silence,
});

/** Whether two states tell the same, so that nothing need be written; when and how they were confirmed does not count. */
export function tellsTheSame(a: SecretState, b: SecretState): boolean {
  return memory(a) === memory(b);
}

const memory = ({ pending, evidence, alerts, outbox, trouble, absences }: SecretState): string =>
  JSON.stringify([pending, evidence, alerts, outbox.map(({ id }) => id), trouble, absences]);

/** Whether nobody would be told anything new by going from `a` to `b`. */
export const saysNothingNew = (a: SecretState, b: SecretState): boolean =>
  a.outbox.length === b.outbox.length && openCodes(a.alerts) === openCodes(b.alerts);

const openCodes = (alerts: readonly Alert[]): string =>
  alerts
    .filter(isOpen)
    .map(({ fingerprint, code, severity }) => `${fingerprint} ${code} ${severity}`)
    .join('\n');
