import { AwsError } from './aws-error.ts';
import { answer, refusal } from './protocols/answer.ts';
import { bodyText } from './protocols/body.ts';
import type { Exchange, WireResponse } from './protocols/wire.ts';

/** A request as SDK v3 clients hand it to their request handler. */
interface SdkRequest {
  readonly method: string;
  readonly hostname?: string | undefined;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/** A response as SDK v3 clients take it from their request handler. */
interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/**
 * A request handler for unmodified SDK v3 clients, `new SQSClient({ requestHandler })`: it serves them
 * in this process, without a socket.
 */
export interface InProcessHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: SdkRequest): Promise<{ response: SdkResponse }>;
  destroy(): void;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

/** A request handler whose calls are those of `role`. */
export function inProcessHandler(exchange: Exchange, role: string): InProcessHandler {
  return {
    metadata: { handlerProtocol: 'in-process' },
    handle: async (request) => {
      const { status, headers, body } = await answerTo(request, exchange, role);
      return { response: { statusCode: status, headers: { ...headers }, body: Buffer.from(body, 'utf8') } };
    },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

async function answerTo(request: SdkRequest, exchange: Exchange, role: string): Promise<WireResponse> {
  const { method, path } = request;
  const headers = attributed(request, role);
  try {
    const body = readBody(request.body, headers['content-encoding']);
    return await answer({ method, path, headers, body, role }, exchange);
  } catch (error) {
    if (error instanceof AwsError) return refusal(error);
    throw error;
  }
}

/** A client without a signature still names its service by the host it would call, such as `sns.eu-west-1.amazonaws.com`. */
function attributed({ headers, hostname = '' }: SdkRequest, role: string): Record<string, string> {
  if (headers['authorization'] !== undefined) return headers;
  const [service = ''] = hostname.split('.');
  return { ...headers, authorization: `Credential=${role}/0/in-process/${service}/aws4_request` };
}

/** The SDK's JSON bodies are bytes that warn when they are used as a string, so they are decoded from their buffer. */
function readBody(body: unknown, encoding: string | undefined): string {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return bodyText(body, encoding);
  throw new TypeError(`Cannot read a request body of type ${typeof body}: a string or bytes are wanted`);
}
