import type { SecretResponse } from '../cache/secret-value.ts';
import { type ReadFailure, SecretReadError } from '../errors.ts';
import type { AgentAnswer } from './request.ts';

type Fields = Readonly<Record<string, unknown>>;

/** By the service's name of an error, which the agent passes on with the service's status. */
const BY_NAME: Readonly<Record<string, ReadFailure>> = {
  ResourceNotFoundException: 'not-found',
  AccessDeniedException: 'denied',
  DecryptionFailure: 'denied',
  ThrottlingException: 'throttled',
  InvalidRequestException: 'invalid',
  InvalidParameterException: 'invalid',
};

/** A refusal by the agent itself, such as of a parameter it does not know: the API may take the same read. */
export class AgentRefusal extends SecretReadError {}

/**
 * Reads an answer of the agent: JSON or plain text, without a type, and of old agents JSON that is none.
 *
 * @throws {SecretReadError} The agent answered an error. A body is quoted in no message.
 */
export function parseAnswer(secretId: string, { status, body }: AgentAnswer): SecretResponse {
  const fields = parsed(body);
  if (status !== 200) throw failureOf(secretId, status, fields, body);
  const { ARN, Name, VersionId, VersionStages, CreatedDate, SecretString, SecretBinary } = fields ?? {};
  const text = typeof SecretString === 'string' ? SecretString : undefined;
  const bytes =
    typeof SecretBinary === 'string' ? new Uint8Array(Buffer.from(SecretBinary, 'base64')) : undefined;
  if (
    typeof ARN !== 'string' ||
    typeof Name !== 'string' ||
    typeof VersionId !== 'string' ||
    (text ?? bytes) === undefined
  )
    throw new SecretReadError(secretId, 'server', 'the answer of the agent could not be read');
  const seconds = Number(CreatedDate);
  return {
    ARN,
    Name,
    VersionId,
    VersionStages: Array.isArray(VersionStages) ? VersionStages.map(String) : [],
    CreatedDate: Number.isFinite(seconds) && CreatedDate != null ? new Date(seconds * 1_000) : undefined,
    SecretString: text,
    SecretBinary: bytes,
  };
}

function parsed(body: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function failureOf(
  secretId: string,
  status: number,
  fields: Fields | undefined,
  body: string,
): SecretReadError {
  // Old agents splice a message into JSON as it is: the name of the error stands before it.
  const name = String(fields?.['__type'] ?? /"__type"\s*:\s*"(\w{1,60})"/.exec(body)?.[1] ?? '');
  const known = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  const Refusal = name === '' ? AgentRefusal : SecretReadError;
  return new Refusal(
    secretId,
    known ?? reasonOf(status, body),
    `the agent answered ${status} ${name}`.trim(),
  );
}

function reasonOf(status: number, body: string): ReadFailure {
  if (status === 403 || status === 401) return 'denied';
  if (status === 429) return 'throttled';
  if (status === 504) return 'timeout';
  // The Lambda extension outside an invocation.
  if (status === 400 && /not ready/i.test(body)) return 'server';
  return status >= 400 && status < 500 ? 'invalid' : 'server';
}
