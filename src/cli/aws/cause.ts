import { failureOf } from '../../monitor/adapters/aws/failure-of.ts';
import { RoleError } from '../../monitor/adapters/aws/role-error.ts';
import { PortError } from '../../monitor/ports/failure.ts';

/** The cause of a failed call to AWS, as far as the operator's remedy depends on it. */
export type Cause =
  | 'expired'
  | 'clock-skew'
  | 'bad-credentials'
  | 'denied'
  | 'throttled'
  | 'unreachable'
  | 'silent'
  | 'not-found'
  | 'invalid'
  | 'server';

/**
 * Codes of a session that is over, and the words of the SDK's own providers about one.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html
 */
const EXPIRED = /ExpiredToken|TokenRefreshRequired|(Provider|Token)Error .*(expired|sso login)/i;
/** A signature holds for five minutes. https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html */
const SKEWED =
  /RequestTimeTooSkewed|RequestExpired|RequestInTheFuture|Signature.* Signature (expired|not yet current)/;
const BAD =
  /UnrecognizedClient|InvalidClientTokenId|SignatureDoesNotMatch|InvalidSignature|InvalidAccessKeyId|CredentialsProviderError/;

/** Finds out why a call failed: by the error of the SDK, which ports keep as the cause of theirs. */
export function causeOf(error: unknown): Cause {
  const original = originalOf(error);
  const text = original instanceof Error ? `${original.name} ${original.message}` : '';
  if (EXPIRED.test(text)) return 'expired';
  if (SKEWED.test(text)) return 'clock-skew';
  if (BAD.test(text)) return 'bad-credentials';
  const reason = error instanceof PortError ? error.reason : failureOf(original).reason;
  if (reason === 'network') return 'unreachable';
  return reason === 'timeout' ? 'silent' : reason;
}

/** Causes that every call has: nothing that the command could still find out would help. */
const OF_CREDENTIALS: readonly Cause[] = ['expired', 'clock-skew', 'bad-credentials'];

/** Whether a call failed because of the credentials or the clock, and not because of what was called. */
export const isOfCredentials = (error: unknown): boolean => OF_CREDENTIALS.includes(causeOf(error));

/** The error that the SDK made. */
export function originalOf(error: unknown): unknown {
  const isOurs = error instanceof PortError || error instanceof RoleError;
  return isOurs && error.cause !== undefined ? originalOf(error.cause) : error;
}

/** Whether an error is about a call to AWS, and not about a mistake of the program. */
export function isAwsError(error: unknown): boolean {
  const original = originalOf(error);
  if (error instanceof PortError || error instanceof RoleError) return true;
  return original instanceof Error && ('$metadata' in original || original.name.endsWith('ProviderError'));
}
