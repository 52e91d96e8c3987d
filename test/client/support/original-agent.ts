import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SecretRequest, SecretSource } from '../../../client/src/source.ts';
import type { OpenAgent } from '../agent/agent-contract.ts';

type Answer = readonly [status: number, body: string];

/**
 * Starts an agent that answers like the original one, as far as programs notice: no types, texts beside JSON, an entry
 * for each spelling.
 * `npm run peers -- workload-credentials-provider` compares it with the original.
 */
export async function originalAgent(source: SecretSource, token: string): Promise<OpenAgent> {
  const entries = new Map<string, string>();
  const server = createServer((request, response) => {
    const refusal = checked(request, token) ?? parameterFault(request);
    const answer = refusal ?? fetched(entries, source, askedBy(request));
    void Promise.resolve(answer).then(([status, body]) => response.writeHead(status).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { port: (server.address() as AddressInfo).port, close };
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?')[0] ?? '';
const queryOf = ({ url = '' }: IncomingMessage): URLSearchParams =>
  new URLSearchParams(url.split('?')[1] ?? '');

/** The checks in the original's order. */
function checked(request: IncomingMessage, token: string): Answer | undefined {
  const { headers, method } = request;
  const path = pathOf(request);
  if (path === '/ping') return method === 'GET' ? [200, 'healthy'] : [405, 'Not allowed'];
  if (headers['x-forwarded-for'] !== undefined) return [400, 'Forwarded'];
  const given = [headers['x-aws-parameters-secrets-token'], headers['x-vault-token']];
  if (!given.includes(token)) return [403, 'Bad Token'];
  if (method !== 'GET') return [405, 'Not allowed'];
  const isKnown = path === '/secretsmanager/get' || path.startsWith('/v1/');
  return isKnown ? undefined : [404, 'Not found'];
}

const REFUSALS = {
  refresh: [400, 'invalid refreshNow value'],
  role: [400, 'invalid roleArn format, expected arn:<partition>:iam::<account>:role/<name>'],
} as const satisfies Readonly<Record<string, Answer>>;

/** Parameters are read one after the other; ids are looked at last. */
function parameterFault(request: IncomingMessage): Answer | undefined {
  const isPath = pathOf(request).startsWith('/v1/');
  if (isPath && askedBy(request).secretId === '') return [400, 'missing secret ID'];
  const known = [...(isPath ? [] : ['secretId']), 'versionId', 'versionStage', 'refreshNow', 'roleArn'];
  for (const [name, value] of queryOf(request)) {
    if (!known.includes(name)) return [400, `unknown parameter: ${name}`];
    if (name === 'refreshNow' && !/^(true|false|1|0)$/i.test(value)) return REFUSALS.refresh;
  }
  if (askedBy(request).secretId === '') return [400, 'missing parameter secretId'];
  const role = queryOf(request).getAll('roleArn').at(-1);
  return role === undefined || /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(role)
    ? undefined
    : REFUSALS.role;
}

/** Reads a request. The last of several values of a parameter counts, and a path is put straight and not decoded. */
function askedBy(request: IncomingMessage): SecretRequest {
  const { pathname, searchParams } = new URL(`http://localhost${request.url}`);
  const last = (name: string) => searchParams.getAll(name).at(-1);
  const isPath = pathOf(request).startsWith('/v1/');
  return {
    secretId: (isPath ? pathname.slice('/v1/'.length) : last('secretId')) ?? '',
    versionId: last('versionId'),
    versionStage: last('versionStage'),
    refresh: /^(true|1)$/i.test(last('refreshNow') ?? ''),
  };
}

/** Names where the service gave none. */
const TYPES: Readonly<Record<string, Answer>> = {
  timeout: [504, '{"__type":"TimeoutError","message":"Timeout"}'],
  network: [502, '{"__type":"ConnectionError","message":"Read Error"}'],
};

/** An error of the service keeps its status and its name. */
function failed(error: unknown): Answer {
  const { reason, cause } = Object(error);
  const { httpStatusCode: status, name: __type, message } = Object(cause);
  if (Number(status) >= 400) return [Number(status), JSON.stringify({ __type, message })];
  return TYPES[String(reason)] ?? [500, '{"__type":"InternalFailure"}'];
}

async function fetched(
  entries: Map<string, string>,
  source: SecretSource,
  request: SecretRequest,
): Promise<Answer> {
  const { secretId, versionId, versionStage, refresh } = request;
  const key = JSON.stringify([secretId, versionId, versionStage]);
  const known = entries.get(key);
  if (known !== undefined && refresh !== true) return [200, known];
  try {
    const { CreatedDate, SecretBinary, ...rest } = await source.read(request, AbortSignal.timeout(5_000));
    const bytes =
      SecretBinary === undefined ? {} : { SecretBinary: Buffer.from(SecretBinary).toString('base64') };
    const body = JSON.stringify({
      ...rest,
      ...bytes,
      CreatedDate: String((CreatedDate?.getTime() ?? 0) / 1_000),
    });
    entries.set(key, body);
    return [200, body];
  } catch (error) {
    return failed(error);
  }
}
