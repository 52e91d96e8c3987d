import { isReadError, type ReadFailure, SecretReadError } from '../errors.ts';
import { errorsIn, fieldOf } from '../wrapped-errors.ts';

/** Fields that an error of the SDK or of Node may carry. All of it is untrusted. */
interface AnyFault {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly $fault?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown; readonly requestId?: unknown };
}

/** By name of the service's error: https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html */
const BY_NAME: Readonly<Record<string, ReadFailure>> = {
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  NotAuthorized: 'denied',
  DecryptionFailure: 'denied',
  ResourceNotFoundException: 'not-found',
  InvalidRequestException: 'invalid',
  InvalidParameterException: 'invalid',
  ThrottlingException: 'throttled',
  Throttling: 'throttled',
  TooManyRequestsException: 'throttled',
  RequestLimitExceeded: 'throttled',
  LimitExceededException: 'throttled',
  AbortError: 'timeout',
  TimeoutError: 'timeout',
  RequestTimeout: 'timeout',
  // A process that was frozen between signing and sending: the next read is signed again.
  RequestExpired: 'timeout',
  RequestTimeTooSkewed: 'timeout',
  InvalidSignatureException: 'timeout',
  InternalServiceError: 'server',
};

/**
 * Translates whatever a source threw. The cause is a copy without the response: an error of the SDK about an
 * unreadable answer quotes its body, which may hold the secret.
 */
export function readFailure(secretId: string, thrown: unknown): SecretReadError {
  if (isReadError(thrown)) return thrown;
  const fault: AnyFault = typeof thrown === 'object' && thrown !== null ? thrown : {};
  const reason = reasonOf(fault);
  return new SecretReadError(secretId, reason, detailOf(fault, reason), { cause: withoutResponse(fault) });
}

function reasonOf(fault: AnyFault): ReadFailure {
  const known =
    typeof fault.name === 'string' && Object.hasOwn(BY_NAME, fault.name) ? BY_NAME[fault.name] : undefined;
  if (known !== undefined) return known;
  const status = Number(fault.$metadata?.httpStatusCode);
  if (status === 429) return 'throttled';
  if (status === 401 || status === 403) return 'denied';
  if (status >= 400 && status < 500) return 'invalid';
  if (status >= 500 || fault.$fault === 'server') return 'server';
  return status >= 200 && status < 300 ? 'server' : 'network';
}

/** Only an error that the service itself sent is quoted. */
const isServiceError = (fault: AnyFault): boolean =>
  fault.$fault !== undefined && Number(fault.$metadata?.httpStatusCode) >= 400;

const text = (value: unknown): string => String(value).replace(/\s+/g, ' ').slice(0, 300);

function detailOf(fault: AnyFault, reason: ReadFailure): string {
  if (isServiceError(fault)) return `${text(fault.name)}: ${text(fault.message)}`;
  if (fault.code === 'ECONNREFUSED') return `nothing listens${placesOf(fault)}`;
  if (reason === 'server') return 'the answer could not be read';
  const kind = typeof fault.code === 'string' ? fault.code : fault.name;
  return kind === undefined || kind === 'Error' ? reason : `${reason} (${text(kind)})`;
}

/** Addresses that were tried: a host name may have several, each with an error of its own. */
function placesOf(fault: object): string {
  const tried = errorsIn(fault).flatMap((one) => {
    const address = fieldOf(one, 'address');
    return address === undefined ? [] : [`${text(address)}:${text(fieldOf(one, 'port'))}`];
  });
  return tried.length === 0 ? '' : ` at ${[...new Set(tried)].join(' and ')}`;
}

function withoutResponse(fault: AnyFault): Error {
  const copy = new Error(isServiceError(fault) ? text(fault.message) : 'The original message is left out');
  if (typeof fault.name === 'string') copy.name = text(fault.name);
  const { requestId, httpStatusCode } = fault.$metadata ?? {};
  return Object.assign(
    copy,
    typeof fault.code === 'string' && { code: text(fault.code) },
    requestId !== undefined && { requestId: text(requestId) },
    httpStatusCode !== undefined && { httpStatusCode: Number(httpStatusCode) },
  );
}
