import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A watcher outside AWS, on this machine. */
export interface Watcher {
  /** Address at which it listens, with a token in the path. */
  readonly url: string;
  /** `METHOD path` of every request so far. */
  readonly requests: readonly string[];
  /** Sets its answer; 200 until then. */
  answer(how: (response: ServerResponse) => void): void;
}

/** A watcher that hears heartbeats under a path with this token; closed when the test ends. */
export async function aWatcher(token: string): Promise<Watcher> {
  const requests: string[] = [];
  let how = (response: ServerResponse): void => void response.end('OK');
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    how(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A TCP server that listens has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/ping/${token}`,
    requests,
    answer: (given) => {
      how = given;
    },
  };
}
