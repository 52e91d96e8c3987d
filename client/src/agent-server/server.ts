import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Answer, type AnswerParts, answerTo } from './answer.ts';

/** The parts of an answer, and the port, token check and limits of the server. */
export interface ServerParts extends AnswerParts {
  readonly port: number;
  readonly isToken: (given: string) => boolean;
  readonly tokenHeaders: readonly string[];
  readonly maxConnections: number;
  /** Called for each refusal, without token or value. */
  readonly refused: (reason: string, request: { readonly method: string; readonly path: string }) => void;
}

/** A server that listens. */
export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

const MAX_HEADER_BYTES = 16 * 1_024;
/** Headers have to be there by then, and the whole request soon after. */
const HEADERS_MS = 5_000;
const REQUEST_MS = 10_000;
const IDLE_MS = 5_000;
/** A connection lives no longer, whatever happens on it. */
const CONNECTION_MS = 61_000;
/** Connections over the limit that still get an answer; more are closed. */
const TOLD = 32;

/** Listens on 127.0.0.1 alone. The checks come in the original's order, after that of the host. */
export async function serve(parts: ServerParts): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: IDLE_MS,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => {
      const refusal = check(request, { ...parts, port: portOf(server), open: sockets.size });
      if (refusal !== undefined) {
        parts.refused(refusal.body, { method: request.method ?? '', path: pathOf(request) });
        return send(response, refusal);
      }
      const isPing = pathOf(request) === '/ping';
      const answer = isPing ? Promise.resolve(HEALTHY) : answerTo(request.url ?? '', parts);
      void answer.then((answered) => send(response, answered));
    },
  );
  server.maxConnections = parts.maxConnections + TOLD;
  server.on('connection', (socket) => keep(sockets, socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(parts.port, '127.0.0.1', resolve);
  });
  return { port: portOf(server), close: () => close(server, sockets) };
}

const HEALTHY: Answer = { status: 200, body: 'healthy' };

const portOf = (server: Server): number => (server.address() as AddressInfo | null)?.port ?? 0;
const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';

function keep(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  const end = setTimeout(() => socket.destroy(), CONNECTION_MS).unref();
  socket.once('close', () => {
    clearTimeout(end);
    sockets.delete(socket);
  });
}

interface Checking extends ServerParts {
  /** Connections that are open now. */
  readonly open: number;
}

/** The refusal of a request, with its HTTP status; undefined when it may be answered. */
function check(request: IncomingMessage, { port, open, ...parts }: Checking): Answer | undefined {
  const { headers, method } = request;
  const isPing = pathOf(request) === '/ping';
  if (open > parts.maxConnections + (isPing ? 2 : 0))
    return { status: 429, body: 'Connection limit exceeded' };
  // A page that a browser shows may let its own name lead here.
  if (!isOwnHost(headers.host, port)) return { status: 400, body: 'Bad Host' };
  if (!isPing) {
    if (headers['x-forwarded-for'] !== undefined) return { status: 400, body: 'Forwarded' };
    const given = parts.tokenHeaders.map((name) => headers[name.toLowerCase()]);
    if (!given.some((token) => typeof token === 'string' && parts.isToken(token)))
      return { status: 403, body: 'Bad Token' };
  }
  return method === 'GET' ? undefined : { status: 405, body: 'Not allowed' };
}

const isOwnHost = (host: string | undefined, port: number): boolean =>
  ['127.0.0.1', 'localhost', '[::1]'].some((name) => host?.toLowerCase() === `${name}:${port}`);

function send(response: ServerResponse, { status, body }: Answer): void {
  response
    .writeHead(status, { 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' })
    .end(body);
}

/** Lets answers under way go out for a moment. */
async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const end = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, 1_000);
  await closed;
  clearTimeout(end);
}
