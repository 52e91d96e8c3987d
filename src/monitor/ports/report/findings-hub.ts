import { SECOND } from '../../../calendar/instant.ts';
import type { AsffFinding } from '../../domain/report-format/asff-shape.ts';
import { PortError } from '../failure.ts';

/** A finding of an earlier push, as far as the next one depends on it. */
export interface KnownFinding {
  readonly id: string;
  readonly secretArn: string;
  /** ISO 8601, as the hub keeps it. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly updatedAt: string;
  readonly recordState: 'ACTIVE' | 'ARCHIVED';
}

/** A single finding that the hub did not take. */
export interface RefusedFinding {
  readonly id: string;
  /** The hub's own code, such as `InvalidInput`. */
  readonly code: string;
  readonly message: string;
  /** Whether the same finding may be taken later. */
  readonly retryable: boolean;
}

/** Verdicts of Security Hub itself: secret ARN → control → PASSED, FAILED, WARNING or NOT_AVAILABLE. */
export type HubVerdicts = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Most secrets of one question about verdicts. https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFindingFilters.html */
export const MOST_ASKED = 20;

/** GetFindings takes 3 calls a second. https://docs.aws.amazon.com/securityhub/1.0/APIReference/Welcome.html */
export const READS_APART_MS: number = Math.ceil(SECOND / 3);

/** Reads the verdicts of Security Hub's own controls. */
export interface HubControls {
  /**
   * The verdicts of SecretsManager.1 to .5 on at most {@link MOST_ASKED} secrets, usually by one call; a secret that
   * Security Hub has none about is left out. Each call is announced.
   */
  verdicts(secretArns: readonly string[], onCall?: () => void): Promise<HubVerdicts>;
}

/** Security Hub of one account and region, which takes findings in the AWS Security Finding Format. */
export interface FindingsHub extends HubControls {
  /** One page of the findings that this product imported earlier; the first without a token. */
  known(
    token?: string,
  ): Promise<{ readonly found: readonly KnownFinding[]; readonly next: string | undefined }>;
  /** Imports at most 100 findings of at most 6 MB in all; returns those that were refused. */
  import(findings: readonly AsffFinding[]): Promise<readonly RefusedFinding[]>;
}

/** A whole call to the hub failed. */
export class FindingsHubError extends PortError {
  override readonly name = 'FindingsHubError';
}
