import { DAY, formatInstant, type Instant } from '../../../calendar/instant.ts';
import type { ExplainedFinding } from '../finding/finding.ts';
import { shellQuote } from '../shell-quote.ts';
import type { FindingDescription } from './detector.ts';

/** Made where a look failed, because no detector can see that. */
export const UNVERIFIABLE: FindingDescription = {
  code: 'unverifiable',
  meaning: 'The secret cannot be checked: access is denied, or calls fail repeatedly.',
  remedy: "Allow the monitor's role to call DescribeSecret and ListSecretVersionIds on it.",
  severities: 'LOW; MEDIUM after a day',
  requirement: 'The monitor can check every secret it watches.',
};

/** Looks that failed, since when and why. */
export interface FailedLooks {
  readonly secretName: string;
  readonly secretArn: string;
  readonly region: string;
  readonly since: Instant;
  /** A word such as `denied`. */
  readonly reason: string;
}

/** The finding that a secret cannot be looked at. */
export const unverifiable = (
  { secretName, secretArn, region, since, reason }: FailedLooks,
  now: Instant,
): ExplainedFinding => ({
  code: UNVERIFIABLE.code,
  severity: now - since > DAY ? 'MEDIUM' : 'LOW',
  since,
  pendingVersionId: undefined,
  what: `The monitor has been unable to check the secret since ${formatInstant(since)}: its rotation may be broken unnoticed.`,
  why: [`Checks of "${secretName}" have failed since ${formatInstant(since)}: ${reason}.`],
  credentialInUse: 'unknown',
  blastRadius: 'The state of the secret is unknown: a rotation may have failed without an alert.',
  advice: [
    {
      text: "Check that the monitor's role may call secretsmanager:DescribeSecret and secretsmanager:ListSecretVersionIds on it. Neither the secret's resource policy nor an organization policy may deny it.",
      commands: [
        `aws secretsmanager describe-secret --secret-id ${shellQuote(secretArn)} --region ${region}`,
      ],
    },
  ],
});
