import type { Instant } from '../../../calendar/instant.ts';
import type { Subject } from '../alert/say.ts';
import type { Facts } from '../detect/detector.ts';
import { judge } from '../detect/judge.ts';
import { aged } from '../detect/pending-sight.ts';
import { explain } from '../explain/explain.ts';
import type { ExplainedFinding, Finding } from '../finding/finding.ts';
import { withRotationDate } from '../rotation/rotated-date.ts';
import { policyFaults, policyFor, strategyTag } from '../secret/policy.ts';
import type { Secret } from '../secret/secret.ts';
import type { SecretState } from '../state/secret-state.ts';
import type { JudgingContext } from './look.ts';

/** Collects the facts about a secret for the detectors. */
export const factsOf = (state: SecretState, secret: Secret, context: JudgingContext): Facts => ({
  secret: withRotationDate(secret, state.current),
  pending: aged(state.pending, secret),
  evidence: state.evidence,
  progress: state.progress,
  current: state.current,
  offSettledAt: state.offSettledAt,
  valueDate: state.valueDate,
  policy: policyFor(secret, context.policyDefaults),
  eventsArrive: context.eventsArrive,
  examination: context.examination,
  replicas: state.replicas,
  previousUse: state.previousUse,
  leases: context.leases,
});

/** All that is wrong with a secret, explained, in order of precedence. */
export function explainedFindings(
  facts: Facts,
  context: JudgingContext,
  now: Instant,
): readonly ExplainedFinding[] {
  const ignored = policyFaults(facts.secret, context.policyDefaults).map(
    ({ tag, expected }) => `Its tag ${tag} is ignored: it must be ${expected}.`,
  );
  const untagged = withoutStrategyTag(facts, now);
  return judge(facts, now).map((finding) => {
    const { why, ...rest } = explain(finding, facts, now);
    const explained = { ...finding, ...rest, why: [...why, ...ignored] };
    const graver = untagged.find(
      (each) => isAboutTheSame(each, finding) && each.severity !== finding.severity,
    );
    if (graver === undefined) return explained;
    return { ...explained, severityUntagged: graver.severity, why: [...explained.why, UNTRUSTED] };
  });
}

const UNTRUSTED =
  'Its tag rotation-monitor:strategy lowers this severity. A silence applies only if the setting alternating-users names the secret, too.';

/**
 * Returns the findings without the tag that says that users alternate, for a silence that is also set by a tag: whoever
 * writes one can write the other.
 */
const withoutStrategyTag = (facts: Facts, now: Instant): readonly Finding[] =>
  facts.policy.silence === undefined ||
  facts.policy.strategyIsSet ||
  facts.policy.strategy !== 'alternating-users'
    ? []
    : judge({ ...facts, policy: { ...facts.policy, strategy: 'unknown' } }, now);

const isAboutTheSame = (a: Finding, b: Finding): boolean =>
  a.pendingVersionId === b.pendingVersionId && (a.pendingVersionId !== undefined || a.code === b.code);

/** Returns the subject of the alerts about a secret. */
export const subjectOf = (state: SecretState, secret?: Secret, facts?: Facts): Subject => ({
  id: state.subject,
  name: state.name,
  account: state.account,
  region: state.region,
  rotationFunctionArn: secret?.rotationFunctionArn,
  owner: facts?.policy.owner,
  silence: facts?.policy.silence,
  strategy: secret && strategyTag(secret),
});
