import { type Instant, later } from '../../../calendar/instant.ts';
import { fingerprintOf } from '../alert/alert.ts';
import type { Facts } from '../detect/detector.ts';
import { judge } from '../detect/judge.ts';
import { givenUpAt } from '../detect/pending-abandoned.ts';
import { failingSince, splitSince } from '../detect/pending-record.ts';
import { offSince, switchedOff } from '../detect/switched-off.ts';
import { type Finding, rankOf } from '../finding/finding.ts';
import { valueLimit } from '../secret/value-date.ts';
import type { SecretState } from '../state/secret-state.ts';
import { factsOf } from './explained-findings.ts';
import type { JudgingContext, Look } from './look.ts';

/**
 * The moments to come at which a look can show more than just before though nothing else happens, in order: a pending
 * version is stuck, its failure has not healed within its grace, or a value is older than expected. None for a healthy
 * secret, and none once everything that time alone brings is reported: the end of the retries changes the code of an
 * alert, never its severity.
 */
export const deadlinesOf = (facts: Facts, now: Instant): readonly Instant[] =>
  momentsOf(facts).filter((at) => at > now && tellsMore(facts, at));

/** The deadlines that a look brings to light: those of the state after it that the state before it did not have. */
export function deadlinesAdded(
  look: Look,
  { before, after }: { readonly before: SecretState; readonly after: SecretState },
  context: JudgingContext,
): readonly Instant[] {
  if (look.kind !== 'confirmed') return [];
  const of = (state: SecretState) => deadlinesOf(factsOf(state, look.secret, context), context.now);
  const known = new Set(of(before));
  return of(after).filter((at) => !known.has(at));
}

/** Such moments that have passed, in order, as far as the state before a look could show them. */
export function deadlinesPassed(
  look: Look,
  before: SecretState,
  context: JudgingContext,
): readonly Instant[] {
  if (look.kind !== 'confirmed') return [];
  const facts = factsOf(before, look.secret, context);
  return momentsOf(facts).filter((at) => at <= context.now && tellsMore(facts, at));
}

const momentsOf = (facts: Facts): readonly Instant[] =>
  [...new Set(limitsOf(facts))].map((limit) => later(limit, 1)).sort((a, b) => a - b);

/** The last moments at which a version that is pending, was given up or is in use is still let be. */
function limitsOf(facts: Facts): readonly Instant[] {
  const { pending, policy, current, secret } = facts;
  const valued = valueLimit(facts);
  const moved = [
    ...(current?.outside === undefined ? [] : [later(current.outside.seenAt, policy.failedGraceMs)]),
    ...(valued === undefined ? [] : [valued]),
  ];
  if (pending === undefined) {
    const off = secret.rotationEnabled === false ? switchedOff(facts) : undefined;
    return [
      ...moved,
      ...(off === undefined ? [] : [later(offSince(off, secret), policy.failedGraceMs)]),
      ...givenUpAt(facts).map((at) => later(at, policy.splitGraceMs)),
    ];
  }
  const failedAt = failingSince(facts);
  const splitAt = splitSince(facts);
  return [
    ...moved,
    later(pending.since, policy.stuckAfterMs),
    ...(failedAt === undefined ? [] : [later(failedAt, policy.failedGraceMs)]),
    ...(splitAt === undefined ? [] : [later(splitAt, policy.splitGraceMs)]),
  ];
}

/** Whether the finding that speaks at a moment is another one than the one just before, or a graver one. */
function tellsMore(facts: Facts, at: Instant): boolean {
  const [before] = judge(facts, later(at, -1));
  const [then] = judge(facts, at);
  if (then === undefined || before === undefined) return then !== undefined;
  const isAnother = nameOf(before, facts) !== nameOf(then, facts);
  return isAnother || rankOf(then.severity) > rankOf(before.severity);
}

const nameOf = (finding: Finding, { secret }: Facts): string => fingerprintOf(secret.arn, finding);
