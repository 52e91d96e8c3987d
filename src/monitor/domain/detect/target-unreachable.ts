import { formatInstant, type Instant, MINUTE } from '../../../calendar/instant.ts';
import type { ExplainedFinding } from '../finding/finding.ts';
import type { Target } from '../secret/secret.ts';
import type { FindingDescription } from './detector.ts';

/** Made where listing failed; inhibits everything of its target. */
export const TARGET_UNREACHABLE: FindingDescription = {
  code: 'target-unreachable',
  meaning: 'The secrets of an account and region cannot be listed, so nothing there is swept.',
  remedy: "Allow the monitor's role to call ListSecrets there.",
  severities: 'HIGH after 15 minutes',
  requirement: 'The secrets of every watched account and region can be listed.',
};

/** A target may be out of reach this long before it is reported. */
const PATIENCE_MS = 15 * MINUTE;

/** A target whose secrets cannot be listed. */
export interface UnreachableTarget extends Target {
  readonly since: Instant;
  /** A word such as `denied`. */
  readonly reason: string;
}

/** The finding that no secret of a target can be listed; `clear` while that has not lasted long enough to matter. */
export function targetUnreachable(
  { account, region, since, reason }: UnreachableTarget,
  now: Instant,
): ExplainedFinding | 'clear' {
  if (now - since <= PATIENCE_MS) return 'clear';
  const where = `account ${account} in ${region}`;
  return {
    code: TARGET_UNREACHABLE.code,
    severity: 'HIGH',
    since,
    pendingVersionId: undefined,
    what: `The secrets of ${where} have not been listed since ${formatInstant(since)}: what gets stuck or is missed there goes unnoticed.`,
    why: [`ListSecrets has failed for ${where} since ${formatInstant(since)}: ${reason}.`],
    credentialInUse: 'unknown',
    blastRadius:
      'Until the secrets can be listed again, a failed rotation there is reported only if its event arrives and the secret can be looked at.',
    advice: [
      {
        text: "Check that the monitor's role may call ListSecrets there and that the region is available. In another account, also check that the role trusts the monitor and its external id.",
        commands: [`aws secretsmanager list-secrets --max-results 1 --region ${region}`],
      },
    ],
  };
}
