import { DAY, formatInstant, type Instant } from '../../../calendar/instant.ts';
import type { ExplainedFinding } from '../finding/finding.ts';
import { shellQuote } from '../shell-quote.ts';
import type { FindingDescription } from './detector.ts';

/** Made where a look failed, because no detector can see that. */
export const UNVERIFIABLE: FindingDescription = {
  code: 'unverifiable',
  meaning: 'The secret cannot be looked at: access is denied, or calls fail again and again.',
  remedy: "Let the monitor's role call DescribeSecret and ListSecretVersionIds on it.",
  severities: 'LOW; MEDIUM after a day',
  requirement: 'The monitor can look at every secret it watches.',
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
  what: `The secret cannot be checked since ${formatInstant(since)}: its rotation may be broken unseen.`,
  why: [`Looking at "${secretName}" fails since ${formatInstant(since)}: ${reason}.`],
  credentialInUse: 'unknown',
  blastRadius: 'Nothing is known about the secret: a rotation may have failed without anybody being told.',
  advice: [
    {
      text: "Check that the monitor's role may call DescribeSecret and ListSecretVersionIds on it, and that neither the secret's resource policy nor an organization policy denies it.",
      commands: [
        `aws secretsmanager describe-secret --secret-id ${shellQuote(secretArn)} --region ${region}`,
      ],
    },
  ],
});
