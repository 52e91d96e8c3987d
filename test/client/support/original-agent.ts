import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SecretRequest, SecretSource } from '../../../client/src/source.ts';
import type { OpenAgent } from '../agent/agent-contract.ts';

type Answer = readonly [status: number, body: string];

/**
 * Starts an agent that answers like the original one, as far as programs notice: no types, texts beside JSON, an entry
 * for each spelling.
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

function parameterFault(request: IncomingMessage): Answer | undefined {
  const known = ['secretId', 'versionId', 'versionStage', 'refreshNow'];
  const query = queryOf(request);
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) return [400, `unknown parameter: ${unknown}`];
  const isPath = pathOf(request).startsWith('/v1/');
  if (askedBy(request).secretId === '')
    return [400, isPath ? 'missing secret ID' : 'missing parameter secretId'];
  const isFlag = /^(true|false|1|0)$/i.test(query.get('refreshNow') ?? 'false');
  return isFlag ? undefined : [400, 'invalid refreshNow value'];
}

function askedBy(request: IncomingMessage): SecretRequest {
  const query = queryOf(request);
  const path = pathOf(request);
  return {
    secretId: path.startsWith('/v1/') ? path.slice(4) : (query.get('secretId') ?? ''),
    versionId: query.get('versionId') ?? undefined,
    versionStage: query.get('versionStage') ?? undefined,
    refresh: /^(true|1)$/i.test(query.get('refreshNow') ?? ''),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  'not-found': 'ResourceNotFoundException',
  denied: 'AccessDeniedException',
};

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
    const type = TYPES[String((error as { reason?: unknown }).reason)];
    // Old agents splice the message into the JSON as it is.
    return type === undefined
      ? [500, '{"__type":"InternalFailure"}']
      : [400, `{"__type":"${type}","message":"about "${secretId}""}`];
  }
}
