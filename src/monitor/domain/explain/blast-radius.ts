import type { Facts } from '../detect/detector.ts';
import type { CredentialInUse, Explanation, FindingCode } from '../finding/finding.ts';
import { allProgress, progressOf, reachesTarget } from '../rotation/progress.ts';
import { lacksCurrent } from '../secret/version-stage.ts';
import type { Progress, Situation } from './situation.ts';

/** The risk of a finding. */
export type Risk = Pick<Explanation, 'credentialInUse' | 'blastRadius'>;

const risk = (credentialInUse: CredentialInUse, blastRadius: string): Risk => ({
  credentialInUse,
  blastRadius,
});

const BY_PROGRESS: Readonly<Record<Progress, Risk>> = {
  'before-set': risk(
    'good',
    'The target was not changed: applications keep working with AWSCURRENT, which gets older than it should.',
  ),
  'set-begun': risk(
    'unknown',
    'setSecret had begun, so the target may or may not have been changed, and AWSCURRENT may have been wrong already. Check that applications can log in.',
  ),
  'after-set': risk(
    'may-be-dead',
    'The target may accept only the pending credential: applications that use AWSCURRENT may be failing now.',
  ),
  unknown: risk(
    'unknown',
    'The failing step is unknown, so the target may or may not have been changed. Check that applications can log in.',
  ),
};

/** A later attempt may have come further without anybody hearing of it. */
const UNHEARD: Risk = risk(
  'unknown',
  'No rotation events are known to arrive here, so the target may or may not have been changed. Check that applications can log in.',
);

const ALTERNATING: Risk = risk(
  'good',
  'Users alternate: the user in AWSCURRENT was not changed, and applications keep working.',
);

const AGEING: Risk = risk(
  'good',
  'Applications keep working with AWSCURRENT, which gets older than it should.',
);

/** No version is pending any longer, but how the target was left is not known. */
const UNSETTLED: Risk = risk(
  'unknown',
  'The last known rotation failed after setSecret had begun, and no success has been recorded since. Check that applications can log in.',
);

/**
 * Risk of a secret without a version in use: nobody can log in with one that does not exist, whatever else is wrong.
 */
const NO_CURRENT: Risk = risk(
  'broken',
  'Applications that request the secret without a version ID get an error.',
);

const CHANGED: Risk = risk(
  'may-be-dead',
  'If the password at the target was not changed, too, applications that read AWSCURRENT cannot log in.',
);

const REFUSED: Risk = risk(
  'may-be-dead',
  'The value in use was changed outside a rotation, and setSecret has failed since then. The target may refuse the value, and applications that use AWSCURRENT may be failing now.',
);

const BY_CODE: Partial<Record<FindingCode, Risk>> = {
  'no-current-version': NO_CURRENT,
  'test-rotation-failed': risk(
    'unknown',
    'The test changed nothing: applications work as before. If it failed because AWSCURRENT does not log in, they are failing already.',
  ),
};

/** Risks beside the credential in use, which a rotation under way may endanger all the same. */
const BESIDE_ROTATION: Partial<Record<FindingCode, string>> = {
  'replication-failed':
    'Applications in the region of the primary are not affected. Those that read the replica get an older version or none. After a rotation, the older one may no longer log in.',
  'invalidation-unconfirmed':
    'Applications that read AWSCURRENT are not affected. The named consumers may still use the previous version, which may no longer log in if the target has one user.',
  'previous-version-in-use':
    'Applications that read AWSCURRENT are not affected. Whoever requests AWSPREVIOUS is locked out by the next rotation at the latest, or already now if the target has one user.',
};

/** Whether the credential in use is still good, and what is at risk if it is not. */
export function riskOf(situation: Situation): Risk {
  const judged = judgedRisk(situation);
  const isOpen = situation.facts.policy.strategy === 'unknown' && IN_DANGER.includes(judged.credentialInUse);
  const { kind, versionId } = situation;
  return isOpen && kind === 'function' && versionId !== undefined
    ? { ...judged, blastRadius: `${judged.blastRadius} ${IF_ALTERNATING}` }
    : judged;
}

const IN_DANGER: readonly CredentialInUse[] = ['may-be-dead', 'unknown'];
/** Said where neither a tag nor a setting shows how the function changes the credential. */
const IF_ALTERNATING = 'If users alternate, AWSCURRENT still works.';

function judgedRisk({ finding, facts, progress, versionId }: Situation): Risk {
  if (lacksCurrent(facts.secret.versionStages)) return NO_CURRENT;
  if (finding.code === 'current-changed-outside-rotation') return movedRisk(facts);
  const fixed = BY_CODE[finding.code];
  if (fixed !== undefined) return fixed;
  const beside = BESIDE_ROTATION[finding.code];
  if (beside !== undefined) {
    const { credentialInUse } = versionId === undefined ? atRest(facts) : BY_PROGRESS[progress];
    return { credentialInUse, blastRadius: beside };
  }
  if (versionId === undefined) return atRest(facts);
  if (facts.policy.strategy === 'alternating-users' && progress !== 'unknown') return ALTERNATING;
  if (finding.code === 'pending-abandoned') {
    return risk(
      'may-be-dead',
      'The target may hold a password that no labelled version has: applications that use AWSCURRENT may be failing now.',
    );
  }
  if (progress === 'set-begun' && progressOf(versionId, facts).refusedAt !== undefined) return REFUSED;
  return progress === 'before-set' && !facts.eventsArrive ? UNHEARD : BY_PROGRESS[progress];
}

/** Returns the risk of a moved label: whoever changes a value seldom changes the password at the target with it. */
function movedRisk({ current, policy }: Pick<Facts, 'current' | 'policy'>): Risk {
  if (policy.strategy !== 'alternating-users') return CHANGED;
  return current?.outside?.kind === 'moved-back'
    ? risk(
        'good',
        'Users alternate: the user in an earlier version keeps its password until the next rotation.',
      )
    : risk('unknown', CHANGED.blastRadius);
}

/** While nothing is pending: a failure that reached the target counts until a rotation is known to have succeeded. */
function atRest(facts: Facts): Risk {
  const { policy, eventsArrive, current } = facts;
  if (current?.outside !== undefined) return movedRisk({ current, policy });
  if (policy.strategy === 'alternating-users') return AGEING;
  if (isUnsettled(facts)) return UNSETTLED;
  return eventsArrive ? AGEING : UNHEARD;
}

/** Whether a rotation reached the target and failed after the last known success, by the facts or by what is remembered. */
function isUnsettled({ evidence, progress, secret }: Facts): boolean {
  const records = allProgress({ progress, evidence });
  const succeeded = evidence.filter(({ kind }) => kind === 'rotation-succeeded').map(({ at }) => at);
  const remembered = records.map(({ succeededAt }) => succeededAt ?? 0);
  const settledAt = Math.max(secret.lastRotatedAt ?? 0, ...succeeded, ...remembered);
  return (
    records.some(({ reached, lastFailedAt }) => reachesTarget(reached) && (lastFailedAt ?? 0) > settledAt) ||
    evidence.some(({ kind, step, at }) => kind === 'rotation-failed' && reachesTarget(step) && at > settledAt)
  );
}
