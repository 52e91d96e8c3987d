import { createServer, request, type Server } from 'node:http';

/** Every call takes so long. */
const CALL_MS = 30;

/** A port that answers as another one does, but later. */
interface SlowPort {
  readonly endpoint: string;
  readonly server: Server;
}

/** The simulated account behind a port that answers each call after {@link CALL_MS}. */
export async function slowPort(endpoint: string): Promise<SlowPort> {
  const server = createServer((incoming, outgoing) => {
    const { method, url = '/', headers } = incoming;
    const forwarded = request(`${endpoint}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    // A connection that broke is the caller's to try again, as with AWS.
    forwarded.on('error', () => outgoing.destroy());
    setTimeout(() => incoming.pipe(forwarded), CALL_MS);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The port has no number');
  return { endpoint: `http://127.0.0.1:${address.port}`, server };
}
