import type { Instant } from '../../../calendar/instant.ts';
import type { Secret, SecretArn } from '../../domain/secret/secret.ts';
import { type FailureDetails, PortError } from '../failure.ts';

/** A version of a secret, when it was made and when it was last asked for. */
export interface VersionDate {
  readonly versionId: string;
  readonly createdAt: Instant | undefined;
  /** The day of the last request, at midnight UTC; undefined for a version that was never requested. */
  readonly lastAccessedAt: Instant | undefined;
}

/** Options of a list: its first page, and whether it includes deleted secrets. */
interface ListOptions {
  /** Whether secrets that are scheduled for deletion are listed, too. */
  readonly withDeleted?: boolean;
  /** The token of an earlier page, to go on behind it; the beginning when undefined. */
  readonly from?: string | undefined;
}

/** A part of the list. */
export interface SecretPage {
  /** At most 100. */
  readonly secrets: readonly Secret[];
  /** Token with which the list goes on; undefined on the last page. */
  readonly nextToken: string | undefined;
}

/** The secrets of one target, never their values. Failures are {@link CatalogError}s. */
export interface SecretCatalog {
  /** All secrets, those scheduled for deletion if asked for, page by page; may lag five minutes. */
  list(options?: ListOptions): AsyncIterable<SecretPage>;
  /** One secret by ARN or name; undefined when there is none. */
  describe(id: string): Promise<Secret | undefined>;
  /**
   * One secret as a list shows it, scheduled for deletion or not: unlike a description, it keeps the date of the last
   * rotation while rotation is off. Undefined when no list shows it.
   */
  listed(arn: SecretArn): Promise<Secret | undefined>;
  /** The labelled versions of a secret; empty when there is no such secret. At most 50 calls a second. */
  versions(arn: SecretArn): Promise<readonly VersionDate[]>;
}

/** A call to the catalog failed. */
export class CatalogError extends PortError {
  override readonly name = 'CatalogError';
  /** Whether nothing of the target can be reached, whatever is asked for. */
  readonly ofTarget: boolean;

  constructor(message: string, details: FailureDetails & { readonly ofTarget?: boolean }) {
    super(message, details);
    this.ofTarget = details.ofTarget ?? false;
  }
}
