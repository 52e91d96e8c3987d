import type { Instant } from '../../../calendar/instant.ts';
import type { Facts } from '../detect/detector.ts';
import { rescueOf } from '../explain/rescue-label.ts';
import { type Situation, situationOf } from '../explain/situation.ts';
import type { Finding } from '../finding/finding.ts';
import type { Secret } from '../secret/secret.ts';
import { currentVersion, pendingApart, pendingVersion } from '../secret/version-stage.ts';
import { type FunctionSight, type Refusal, refusalOf } from './refusal.ts';
import type { PlannedFunction, RepairCall, RepairPlan } from './repair-plan.ts';

/** The facts by which a repair is planned. */
export interface RepairCase {
  readonly facts: Facts;
  /** In order of precedence. */
  readonly findings: readonly Finding[];
  /** The rotation function as it is now; undefined where there is none. */
  readonly function: (PlannedFunction & FunctionSight) | undefined;
  readonly now: Instant;
  /** Whether the operator states that AWSCURRENT logs in. */
  readonly currentWorks: boolean;
  /** Whether a later attempt would be known: events arrive, or CloudTrail has reported all of them. */
  readonly hearsAttempts: boolean;
}

/** The proposal for a secret: a plan, a refusal or nothing. */
export type Proposal =
  | { readonly kind: 'plan'; readonly plan: RepairPlan }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'nothing' };

/**
 * Plans the repair of a secret that labels and its rotation function can repair. A version is promoted only behind a
 * proof by the function, and given up only while the target is untouched or AWSCURRENT is known to log in. Pure.
 */
export function planRepair(given: RepairCase): Proposal {
  const { facts, now } = given;
  const about = aboutIn(given);
  if (about === undefined && pendingApart(facts.secret.versionStages) === undefined)
    return { kind: 'nothing' };
  const situation = about && situationOf(about, facts, now);
  const refusal = refusalOf(given, situation);
  if (refusal !== undefined) return { kind: 'refused', refusal };
  const current = currentVersion(facts.secret.versionStages);
  if (situation?.versionId === undefined || current === undefined || about === undefined)
    return { kind: 'nothing' };
  const { versionId } = situation;
  const calls = callsFor(given, { ...situation, versionId }, current);
  return { kind: 'plan', plan: planOf(given, { ...situation, versionId, current, calls }) };
}

/** The finding to repair: what is pending now comes before what was lost, because only one version can carry AWSPENDING. */
function aboutIn({ facts, findings }: RepairCase): Finding | undefined {
  const pending = pendingApart(facts.secret.versionStages);
  const named = findings.filter(({ pendingVersionId }) => pendingVersionId !== undefined);
  return named.find(({ pendingVersionId }) => pendingVersionId === pending) ?? named[0] ?? findings[0];
}

type Known = Situation & { readonly versionId: string };

function planOf(
  given: RepairCase,
  { finding, facts, versionId, reached, current, calls }: Known & Pick<RepairPlan, 'current' | 'calls'>,
): RepairPlan {
  const { arn, name, account, region } = facts.secret;
  const planned = given.function && { arn: given.function.arn, codeSha256: given.function.codeSha256 };
  return {
    secretArn: arn,
    secretName: name,
    account,
    region,
    code: finding.code,
    current,
    pending: versionId,
    reached,
    function: planned,
    calls,
  };
}

function callsFor(given: RepairCase, situation: Known, current: string): readonly RepairCall[] {
  const { facts, versionId, isPending } = situation;
  const keep = keepingOf(facts.secret, versionId);
  const stages = facts.secret.versionStages;
  if (!isPending)
    return [
      ...keep,
      { kind: 'restore', label: 'AWSPENDING', to: versionId, ...fromOf(pendingVersion(stages)) },
      ...finishing(versionId, current),
    ];
  const givesUp = given.currentWorks || situation.progress === 'before-set';
  return givesUp
    ? [...keep, { kind: 'remove', label: 'AWSPENDING', from: versionId }]
    : finishing(versionId, current);
}

const keepingOf = (secret: Secret, versionId: string): readonly RepairCall[] => {
  const { label, put } = rescueOf(secret, versionId);
  return put.length === 0 ? [] : [{ kind: 'keep', label, to: versionId }];
};

/** AWS moves a label from the version that carries it, and refuses a version that does not. */
const fromOf = (from: string | undefined): Pick<RepairCall, 'from'> => (from === undefined ? {} : { from });

const finishing = (to: string, from: string): readonly RepairCall[] => [
  { kind: 'prove' },
  { kind: 'finish' },
  { kind: 'promote', label: 'AWSCURRENT', to, from },
];
