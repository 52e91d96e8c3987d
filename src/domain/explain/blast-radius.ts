import type { CredentialInUse, Explanation, FindingCode } from '../finding.ts';
import { lacksCurrent } from '../version-stage.ts';
import type { Progress, Situation } from './situation.ts';

/** What is at risk. */
export type Risk = Pick<Explanation, 'credentialInUse' | 'blastRadius'>;

const risk = (credentialInUse: CredentialInUse, blastRadius: string): Risk => ({
  credentialInUse,
  blastRadius,
});

const BY_PROGRESS: Readonly<Record<Progress, Risk>> = {
  'before-set': risk(
    'good',
    'The target was not touched: applications keep working with AWSCURRENT, which grows older than it should.',
  ),
  'set-begun': risk(
    'unknown',
    'setSecret had begun: the target is usually unchanged, but AWSCURRENT may have been wrong already; check that applications can log in.',
  ),
  'after-set': risk(
    'may-be-dead',
    'The target may accept only the pending credential: applications that use AWSCURRENT may be failing now.',
  ),
  unknown: risk(
    'unknown',
    'No failing step is known, so it is not known either whether the target was changed; check that applications can log in.',
  ),
};

const ALTERNATING: Risk = risk(
  'good',
  'Users alternate: the user that AWSCURRENT names was not touched, and applications keep working.',
);

const AGEING: Risk = risk(
  'good',
  'Applications keep working with AWSCURRENT, which grows older than it should.',
);

/** Whatever else is wrong, nobody can log in with a version that does not exist. */
const NO_CURRENT: Risk = risk(
  'broken',
  'Applications that ask for the secret without naming a version get an error.',
);

const BY_CODE: Partial<Record<FindingCode, Risk>> = {
  'no-current-version': NO_CURRENT,
  'test-rotation-failed': risk(
    'unknown',
    'The test changed nothing: applications go on as before. If it failed because AWSCURRENT does not log in, they are failing already.',
  ),
};

/** Whether the credential in use is still good, and what is at risk if it is not. */
export function riskOf({ finding, facts, progress, versionId }: Situation): Risk {
  if (lacksCurrent(facts.secret.versionStages)) return NO_CURRENT;
  const fixed = BY_CODE[finding.code];
  if (fixed !== undefined) return fixed;
  if (versionId === undefined) return AGEING;
  if (facts.policy.strategy === 'alternating-users' && progress !== 'unknown') return ALTERNATING;
  if (finding.code === 'pending-abandoned') {
    return risk(
      'may-be-dead',
      'The target may hold a password that no labelled version has: applications that use AWSCURRENT may be failing now.',
    );
  }
  return BY_PROGRESS[progress];
}
