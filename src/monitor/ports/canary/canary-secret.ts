import type { CanaryTag } from '../../domain/rotation/canary.ts';
import { PortError } from '../failure.ts';

/** The pending version of a rotation. */
interface PendingVersion {
  readonly versionId: string;
  /** Token by which the function proves that it acts for Secrets Manager; undefined where it was given none. */
  readonly rotationToken: string | undefined;
}

/** The observed state of the canary; never its value. */
interface CanarySight {
  /** The version that is AWSCURRENT. */
  readonly currentVersionId: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** The secret that is there to have events of. Its values are written and never read. Every call fails with a {@link CanaryError}. */
export interface CanarySecret {
  readonly arn: string;
  look(): Promise<CanarySight>;
  /** Gives a pending version a value of its own by chance; one that has a value keeps it. */
  fill(version: PendingVersion): Promise<void>;
  /** Moves AWSCURRENT from one version to another. */
  makeCurrent(move: { readonly versionId: string; readonly insteadOf: string | undefined }): Promise<void>;
  tag(name: CanaryTag, value: string): Promise<void>;
}

/** The canary could not be looked at or written to. */
export class CanaryError extends PortError {
  override readonly name = 'CanaryError';
}
