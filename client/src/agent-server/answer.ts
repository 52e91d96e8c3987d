import type { SecretCache } from '../cache/secret-cache.ts';
import { mayBeSame } from '../cache/secret-id.ts';
import type { SecretValue } from '../cache/secret-value.ts';
import { isReadError, type ReadFailure } from '../errors.ts';

/** The HTTP response to one request. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A request, parsed: the secret and version that are wanted. */
interface Asked {
  readonly secretId: string;
  readonly versionId: string | undefined;
  readonly versionStage: string | undefined;
  readonly refreshNow: boolean;
}

/** The cache that answers are read from, the secrets that may be read, and the path before the secret's name. */
export interface AnswerParts {
  readonly cache: SecretCache;
  readonly allowedSecrets: readonly string[];
  readonly pathPrefix: string;
}

const PARAMETERS: readonly string[] = ['secretId', 'versionId', 'versionStage', 'refreshNow'];
const FLAGS: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };

/** A request that is answered with an error of its own. */
class Refusal extends Error {
  readonly answer: Answer;

  constructor(status: number, body: string) {
    super(body);
    this.answer = { status, body };
  }
}

/** Answers a GET by its path and query, as the original does. */
export async function answerTo(url: string, parts: AnswerParts): Promise<Answer> {
  const [path = ''] = url.split('?', 1);
  try {
    const isQuery = path === '/secretsmanager/get';
    if (!isQuery && !path.startsWith(parts.pathPrefix)) return { status: 404, body: 'Not found' };
    return await read(askedBy(url, isQuery ? undefined : parts.pathPrefix), parts);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    return failure(error);
  }
}

/** Reads the parameters one after the other: the first that is wrong is reported, and of two the last counts. */
function askedBy(url: string, prefix: string | undefined): Asked {
  const { pathname, searchParams } = parsed(url);
  // As the original does not, ids in a path are not decoded.
  const idOfPath = prefix === undefined ? undefined : pathname.slice(prefix.length);
  if (idOfPath === '') throw new Refusal(400, 'missing secret ID');
  const known = idOfPath === undefined ? PARAMETERS : PARAMETERS.slice(1);
  const given = new Map<string, string>();
  for (const [name, value] of searchParams) {
    if (name === 'roleArn') throw new Refusal(400, 'roleArn is not supported: this agent assumes no roles');
    if (!known.includes(name)) throw new Refusal(400, `unknown parameter: ${name}`);
    if (name === 'refreshNow' && !Object.hasOwn(FLAGS, value.toLowerCase()))
      throw new Refusal(400, 'invalid refreshNow value');
    given.set(name, value);
  }
  const secretId = idOfPath ?? given.get('secretId') ?? '';
  if (secretId === '') throw new Refusal(400, 'missing parameter secretId');
  const [versionId, versionStage] = [given.get('versionId'), given.get('versionStage')];
  return {
    secretId,
    versionId,
    versionStage,
    refreshNow: FLAGS[given.get('refreshNow')?.toLowerCase() ?? ''] === true,
  };
}

function parsed(url: string): URL {
  try {
    return new URL(`http://localhost${url}`);
  } catch {
    throw new Refusal(400, 'invalid URL');
  }
}

async function read(asked: Asked, { cache, allowedSecrets }: AnswerParts): Promise<Answer> {
  const { secretId, versionId, versionStage, refreshNow: forceRefresh } = asked;
  const candidates = allowedSecrets.filter((allowed) => mayBeSame(allowed, secretId));
  if (candidates.length === 0) throw denied(secretId);
  const value = await cache.get(secretId, { versionId, versionStage, forceRefresh });
  if (!(await isAllowed(value, candidates, cache))) throw denied(secretId);
  return { status: 200, body: JSON.stringify(bodyOf(value)) };
}

/** Two secrets may share a name, in other accounts or as the end of an ARN: what was read has to be one that is listed. */
async function isAllowed(
  { ARN }: SecretValue,
  candidates: readonly string[],
  cache: SecretCache,
): Promise<boolean> {
  // Which secret a name or a partial ARN means is for the service to say: a name may look like another one's ARN.
  for (const candidate of candidates)
    if (candidate === ARN || (await cache.get(candidate)).ARN === ARN) return true;
  return false;
}

const denied = (secretId: string): Refusal =>
  new Refusal(
    400,
    errorBody('AccessDeniedException', `The agent is not set up to read the secret ${secretId}`),
  );

const bodyOf = (value: SecretValue): object => ({
  ARN: value.ARN,
  Name: value.Name,
  VersionId: value.VersionId,
  ...(value.SecretString !== undefined && { SecretString: value.SecretString }),
  ...(value.SecretBinary !== undefined && {
    SecretBinary: Buffer.from(value.SecretBinary).toString('base64'),
  }),
  VersionStages: value.VersionStages,
  ...(value.CreatedDate !== undefined && { CreatedDate: String(value.CreatedDate.getTime() / 1_000) }),
});

const errorBody = (__type: string, message: string): string => JSON.stringify({ __type, message });

/** Status and name of each kind of failure that the service did not name itself, as the original spells them. */
const FAILURES: Readonly<Record<ReadFailure, readonly [status: number, type: string]>> = {
  'not-found': [400, 'ResourceNotFoundException'],
  denied: [400, 'AccessDeniedException'],
  invalid: [400, 'InvalidRequestException'],
  throttled: [400, 'ThrottlingException'],
  timeout: [504, 'TimeoutError'],
  network: [502, 'ConnectionError'],
  server: [500, 'InternalFailure'],
  closed: [500, 'InternalFailure'],
};

function failure(error: unknown): Answer {
  if (!isReadError(error)) return { status: 500, body: '{"__type":"InternalFailure"}' };
  const [status, type] = saidByService(error.cause) ?? FAILURES[error.reason];
  return { status, body: errorBody(type, error.message) };
}

/** Status and name of an error that the service itself sent. */
function saidByService(cause: unknown): readonly [status: number, type: string] | undefined {
  if (!(cause instanceof Error) || !('httpStatusCode' in cause)) return undefined;
  const status = Number(cause.httpStatusCode);
  return status >= 400 && status < 600 ? [status, cause.name] : undefined;
}
