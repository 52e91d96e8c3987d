import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AwsError } from '../call/aws-error.ts';
import { CallTimeout } from '../call/faults.ts';
import { answer, refusal } from './answer.ts';
import { bodyText, mostBytes, tooLarge } from './body.ts';
import { credentialScope } from './credential.ts';
import type { Route } from './route.ts';
import type { WireResponse } from './wire.ts';

/** A simulator that can be reached over HTTP. */
export interface Listening {
  /** Such as `http://127.0.0.1:4599`; what AWS_ENDPOINT_URL wants. */
  readonly endpoint: string;
  /** Stops listening; the simulator itself goes on. */
  close(): Promise<void>;
}

/** Port and host to listen on. */
export interface ListenOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** An address or name of this machine; the loopback interface when left out. */
  readonly host?: string;
}

/** Serves every service on one port. */
export async function listen(route: Route, { port, host = '127.0.0.1' }: ListenOptions): Promise<Listening> {
  const server = createServer((request, response) => void serve(route, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return { endpoint: `http://${reachable(host)}:${portOf(server)}`, close: () => closed(server) };
}

/** A host as clients of this machine write it. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Cannot read the port: not listening');
  return address.port;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

async function serve(route: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const headers = plainHeaders(request);
    const scope = credentialScope(headers['authorization']);
    const most = mostBytes(scope?.service);
    const body = bodyText(await readBody(request, most), headers['content-encoding'], most);
    const [path = '/', search = ''] = (request.url ?? '/').split('?');
    const query = Object.fromEntries(new URLSearchParams(search));
    const { exchange, role } = route({ role: scope?.accessKeyId ?? 'anonymous', scope });
    const method = request.method ?? 'GET';
    send(response, await answer({ method, path, query, headers, body, role }, exchange));
  } catch (error) {
    if (error instanceof CallTimeout) request.socket.destroy();
    else send(response, refusal(asAwsError(error)));
  }
}

/** Reads a body by its events: most come in one piece, for which an iterator costs more than the piece. */
function readBody(request: IncomingMessage, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) chunks.push(chunk);
      else reject(tooLarge(most));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

function plainHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

const asAwsError = (error: unknown): AwsError =>
  error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500);

function send(response: ServerResponse, { status, headers, body }: WireResponse): void {
  if (status === 413) response.setHeader('connection', 'close');
  response.writeHead(status, headers).end(body);
}
