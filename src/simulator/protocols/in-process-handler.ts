import { Readable } from 'node:stream';
import { AwsError } from '../call/aws-error.ts';
import type { FunctionRun } from '../call/function-run.ts';
import { answer, refusal } from './answer.ts';
import { bodyText, mostBytes } from './body.ts';
import { type CredentialScope, credentialScope } from './credential.ts';
import { answerPlain, type PlainAnswer, type PlainCall } from './plain-call.ts';
import type { Route } from './route.ts';
import type { Exchange, WireResponse } from './wire.ts';

/** A request as SDK v3 clients hand it to their request handler. */
interface SdkRequest {
  readonly method: string;
  readonly hostname?: string | undefined;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>> | undefined;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
  /** The call, where it was not written into the other members. */
  readonly plain?: PlainCall;
}

/** A response as SDK v3 clients take it from their request handler. */
interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  /** Clients of S3 want a stream, all others take bytes. */
  readonly body: Uint8Array | Readable;
  /** The answer, where it was not written into the other members. */
  readonly plain?: PlainAnswer;
}

/** A client's options of one call. */
interface CallOptions {
  readonly abortSignal?: AnyAbortSignal | undefined;
}

/** The part of an AbortSignal that clients promise. */
interface AnyAbortSignal {
  readonly aborted: boolean;
  onabort?: unknown;
  addEventListener?(type: 'abort', listener: () => void, options?: { readonly once: boolean }): void;
  removeEventListener?(type: 'abort', listener: () => void): void;
}

/**
 * A request handler for unmodified SDK v3 clients, `new SQSClient({ requestHandler })`: it serves them
 * in this process, without a socket.
 */
export interface InProcessHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: SdkRequest, options?: CallOptions): Promise<{ response: SdkResponse }>;
  destroy(): void;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

/** Finds the run of a function that makes a call; undefined outside of functions. */
export type RunOf = () => FunctionRun | undefined;

/** A request handler whose calls are those of `role`, or of the session they are signed by. */
export function inProcessHandler(
  route: Route,
  role: string,
  runOf: RunOf = () => undefined,
): InProcessHandler {
  return {
    metadata: { handlerProtocol: 'in-process' },
    handle: async (request, { abortSignal } = {}) => {
      const run = runOf();
      if (run?.isKilled()) return forever();
      const { answered, isStreamed } = taken(request, { route, role, run });
      const answer = await (abortSignal === undefined ? answered : unlessAborted(answered, abortSignal));
      if ('output' in answer) return { response: { ...WRITTEN_NOWHERE, plain: answer } };
      const { status, headers, body } = answer;
      const bytes = Buffer.from(body, 'utf8');
      const streamed = isStreamed ? Readable.from([bytes]) : bytes;
      return { response: { statusCode: status, headers: { ...headers }, body: streamed } };
    },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

/** Rejects as the handlers of the SDK do when the caller gives up; the call itself goes on. */
const unlessAborted = <T>(answered: Promise<T>, signal: AnyAbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
    if (signal.aborted) stop();
    signal.addEventListener?.('abort', stop, { once: true });
    answered.then(resolve, reject).finally(() => signal.removeEventListener?.('abort', stop));
  });

/** Returns a promise that never settles: the code of a killed run gets no answer. */
const forever = (): Promise<never> => new Promise(() => undefined);

/** The way of a request that says by itself who sends it, or else comes from a role. */
interface Way {
  readonly route: Route;
  readonly role: string;
  /** The run of a function that makes the request. */
  readonly run: FunctionRun | undefined;
}

const WRITTEN_NOWHERE: Omit<SdkResponse, 'plain'> = { statusCode: 200, headers: {}, body: Buffer.alloc(0) };

/** The answer to a request, and whether the client takes it as a stream. */
interface Taken {
  readonly answered: Promise<WireResponse | PlainAnswer>;
  readonly isStreamed: boolean;
}

function taken(request: SdkRequest, way: Way): Taken {
  if (request.plain !== undefined) return { answered: answerToPlain(request.plain, way), isStreamed: false };
  const signed = { ...request, headers: attributed(request, way.role) };
  const scope = credentialScope(signed.headers['authorization']);
  return { answered: answerTo(signed, scope, way), isStreamed: scope?.service === 's3' };
}

async function answerToPlain(call: PlainCall, way: Way): Promise<WireResponse | PlainAnswer> {
  const scope = { accessKeyId: way.role, region: call.region, service: call.service };
  try {
    const { exchange, role } = way.route({ role: way.role, scope });
    return await answerPlain(call, role, ofRun(exchange, way.run));
  } catch (error) {
    if (error instanceof AwsError) return refusal(error);
    throw error;
  }
}

async function answerTo(
  { method, path, query, headers, body: sent }: SdkRequest,
  scope: CredentialScope | undefined,
  way: Way,
): Promise<WireResponse> {
  try {
    const { exchange, role } = way.route({ role: way.role, scope });
    const body = await readBody(sent, headers['content-encoding'], mostBytes(scope?.service));
    const request = { method, path, query: plainQuery(query), headers, body, role };
    return await answer(request, ofRun(exchange, way.run));
  } catch (error) {
    if (error instanceof AwsError) return refusal(error);
    throw error;
  }
}

/** The same exchange, whose calls are those of a run. */
const ofRun = (exchange: Exchange, run: FunctionRun | undefined): Exchange =>
  run === undefined
    ? exchange
    : { ...exchange, dispatch: (request) => exchange.dispatch({ ...request, run }) };

/**
 * A client without a signature still names its service by the host it would call, such as `sns.eu-west-1.amazonaws.com`,
 * or `bucket.s3.eu-west-1.amazonaws.com`.
 */
function attributed({ headers, hostname = '' }: SdkRequest, role: string): Record<string, string> {
  if (headers['authorization'] !== undefined) return headers;
  const [service = '', region = ''] = hostname.replace(/^.+\.(?=s3\.)/, '').split('.');
  return { ...headers, authorization: `Credential=${role}/0/${region}/${service}/aws4_request` };
}

const plainQuery = (query: SdkRequest['query'] = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value].flat().at(-1) ?? '']));

/** The SDK's JSON bodies are bytes that warn when they are used as a string, so they are decoded from their buffer. */
async function readBody(body: unknown, encoding: string | undefined, most: number): Promise<string> {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return bodyText(body, encoding, most);
  if (isStream(body)) return bodyText(await whole(body), encoding, most);
  throw new TypeError(
    `Cannot read a request body of type ${typeof body}: a string, bytes or a stream is wanted`,
  );
}

async function whole(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const isStream = (body: unknown): body is AsyncIterable<Uint8Array> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
