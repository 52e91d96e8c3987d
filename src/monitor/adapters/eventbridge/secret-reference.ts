import type { SecretReference } from '../../domain/rotation/rotation-event.ts';
import { asSecretArn } from '../../domain/secret/secret.ts';
import { textAt } from './json-reader.ts';

/** Where AWS itself writes the full ARN; before February 2024 some operations spelled it `aRN`. */
const BY_SERVICE = [
  ['additionalEventData', 'SecretId'],
  ['additionalEventData', 'ARN'],
  ['serviceEventDetails', 'secretId'],
  ['serviceEventDetails', 'SecretId'],
  ['responseElements', 'arn'],
  ['responseElements', 'aRN'],
  ['responseElements', 'ARN'],
] as const;

/** Where the caller's own words stand: a name, an ARN, or an ARN without its suffix, which can look like a whole one. */
const BY_CALLER = [
  ['requestParameters', 'secretId'],
  ['requestParameters', 'name'],
] as const;

/**
 * How the `detail` of a CloudTrail event names its secret; the place differs by event.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
 */
export function secretReference(detail: unknown): SecretReference | undefined {
  const named = BY_SERVICE.map((path) => textAt(detail, path)).filter((text) => text !== undefined);
  const arn = named.map(asSecretArn).find((text) => text !== undefined);
  if (arn !== undefined) return { kind: 'arn', arn };
  const id = named[0] ?? BY_CALLER.map((path) => textAt(detail, path)).find((text) => text !== undefined);
  return id === undefined ? undefined : { kind: 'id', id };
}
