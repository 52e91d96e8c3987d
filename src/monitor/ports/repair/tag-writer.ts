import type { SecretArn } from '../../domain/secret/secret.ts';
import { PortError } from '../failure.ts';

/** Writes tags of secrets. Failures are {@link TagWriterError}s. */
export interface TagWriter {
  /** Adds tags; a tag that is there already gets the new value. */
  put(arn: SecretArn, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Takes tags off; one that is not there is no error. */
  remove(arn: SecretArn, keys: readonly string[]): Promise<void>;
}

/** The tags were not written. */
export class TagWriterError extends PortError {
  override readonly name = 'TagWriterError';
}
