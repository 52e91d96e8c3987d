import type { FailureReason } from '../../ports/failure.ts';
import { RoleError } from './role-error.ts';

/** The reason of a failed AWS call, in the words of the ports. */
export interface Failure {
  readonly reason: FailureReason;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
}

/** Codes that mean "too fast", modelled or not: the services do not agree on one. */
const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|SlowDown/;
const FORBIDDEN = /AccessDenied|NotAuthorized|Unauthorized|AuthorizationError|OptInRequired/;
/** Codes of credentials that hold no longer, or never did: they say nothing of what the caller may do. */
const OF_CREDENTIALS =
  /UnrecognizedClient|InvalidClientTokenId|ExpiredToken|SignatureDoesNotMatch|CredentialsProviderError|InvalidSignature/;
/** Codes of a clock that is wrong: neither do they. */
const OF_CLOCK = /RequestTimeTooSkewed|RequestExpired|RequestInTheFuture/;
const NOT_FOUND = /NotFound|NonExistent|DoesNotExist|NoSuchEntity/;
const TIMEOUT = /Timeout|TimedOut|ETIMEDOUT|AbortError/;
const NETWORK = /ECONN|ENOTFOUND|EPIPE|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|socket hang up|NetworkingError/;

/** Sorts an error of an SDK client by its name and status; what is neither known nor a 4xx counts as the server's fault. */
export function failureOf(error: unknown): Failure {
  const { name, status, code } = traits(error);
  const text = `${name} ${code}`;
  if (THROTTLED.test(text) || status === 429) return { reason: 'throttled', retryable: true };
  const isDenied = FORBIDDEN.test(text) || OF_CREDENTIALS.test(text) || status === 403 || status === 401;
  if (isDenied) return { reason: 'denied', retryable: false };
  if (NOT_FOUND.test(text) && !NETWORK.test(text)) return { reason: 'not-found', retryable: false };
  if (TIMEOUT.test(text)) return { reason: 'timeout', retryable: true };
  if (NETWORK.test(text)) return { reason: 'network', retryable: true };
  if (status !== undefined && status >= 400 && status < 500) return { reason: 'invalid', retryable: false };
  return { reason: 'server', retryable: true };
}

/** Whether the caller was recognized, and may not make a call. */
export function isForbidden(error: unknown): boolean {
  const { name, code } = traits(error);
  const text = `${name} ${code}`;
  return failureOf(error).reason === 'denied' && !OF_CREDENTIALS.test(text) && !OF_CLOCK.test(text);
}

/** The error's own words, without anything that could come from a request. */
export function describeFailure(error: unknown): string {
  const { name, code, status } = traits(error);
  const { reason } = failureOf(error);
  const details = [name, code, status === undefined ? '' : `HTTP ${status}`].filter((part) => part !== '');
  return `${reason} (${details.join(', ')})`;
}

/** The same with the action that is missing, where the caller may not do it. */
export const describeNeeding = (action: string, error: unknown): string =>
  `${describeFailure(error)}${failureOf(error).reason === 'denied' ? `, needs ${action}` : ''}`;

interface Traits {
  readonly name: string;
  readonly code: string;
  readonly status: number | undefined;
}

function traits(error: unknown): Traits {
  if (error instanceof RoleError) return traits(error.cause);
  if (typeof error !== 'object' || error === null) return { name: '', code: '', status: undefined };
  const metadata = 'message' in error && '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? Number(metadata.httpStatusCode)
      : undefined;
  return {
    name: 'name' in error && typeof error.name === 'string' && error.name !== 'Error' ? error.name : '',
    code: 'code' in error && typeof error.code === 'string' ? error.code : '',
    status,
  };
}
