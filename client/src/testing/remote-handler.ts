import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Killed, type RehearsalSecrets } from './rehearsal-secrets.ts';

/** A rotation function that runs elsewhere, in whatever language. */
export interface RemoteHandler {
  /** Address that takes invocations, such as `http://127.0.0.1:9000` of the Lambda Runtime Interface Emulator. */
  readonly url: string;
  /** Port of this machine at which the function finds Secrets Manager: its `AWS_ENDPOINT_URL`. */
  readonly port: number;
}

/** https://github.com/aws/aws-lambda-runtime-interface-emulator */
const INVOCATIONS = '/2015-03-31/functions/function/invocations';

/** Longest time of one step, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** Serves the secrets of a rehearsal to a function that runs elsewhere, and posts its steps to it. */
export class RemoteStage {
  readonly #server: Server;
  readonly #address: URL;
  #secrets: RehearsalSecrets | undefined;

  constructor({ url }: RemoteHandler) {
    this.#address = new URL(url);
    if (this.#address.pathname === '/') this.#address.pathname = INVOCATIONS;
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(
        ({ status, body }) =>
          response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body),
        // To the function its own end looks like a connection that breaks.
        () => request.socket.destroy(),
      );
    });
  }

  /** Begins to answer at the port. */
  listen({ port }: RemoteHandler): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  }

  /** Answers with these secrets from now on. */
  serve(secrets: RehearsalSecrets): void {
    this.#secrets = secrets;
  }

  /** Runs one step; rejects with what the function answered when it failed. */
  async invoke(event: object): Promise<void> {
    const answer = await fetch(this.#address, {
      method: 'POST',
      body: JSON.stringify(event),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await answer.text();
    const fields = parsed(text);
    // The emulator answers 200 for errors, too.
    const { errorType, errorMessage } = fields ?? {};
    const failed = !answer.ok || (errorType ?? errorMessage) !== undefined || fields === undefined;
    if (failed) throw Object.assign(new Error(text), { name: String(errorType ?? 'Error') });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const operation = String(request.headers['x-amz-target']).replace('secretsmanager.', '');
    try {
      const answer = this.#secrets?.answer(operation, parsed(text) ?? {});
      return { status: 200, body: JSON.stringify(answer ?? {}) };
    } catch (error) {
      if (error instanceof Killed) throw error;
      const { name, message } = error as Error;
      return { status: 400, body: JSON.stringify({ __type: name, message }) };
    }
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
