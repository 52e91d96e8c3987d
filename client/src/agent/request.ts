import { Agent as Connections, get, type IncomingMessage } from 'node:http';

/** The HTTP response of an agent. */
export interface AgentAnswer {
  readonly status: number;
  readonly body: string;
}

/** Longest answer: a secret has at most 65,536 bytes, which JSON may spell with six characters each. */
const MOST_BYTES = 1_000_000;

/** No proxy, no redirect, and no connection that outlives its answer: the agent ends each after 61 s. */
const connections = new Connections({ keepAlive: false });

/** Asks once. Rejects with the error of the socket, or an error with a code of its own. */
export function request(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<AgentAnswer> {
  return new Promise((resolve, reject) => {
    get(url, { agent: connections, headers: { ...headers, connection: 'close' }, signal }, (response) => {
      collect(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    }).on('error', reject);
  });
}

async function collect(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw Object.assign(new Error('The answer is too long'), { code: 'TOO_LONG' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
