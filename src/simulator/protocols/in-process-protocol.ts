import {
  AwsJson1_1Protocol,
  AwsQueryProtocol,
  AwsRestJsonProtocol,
  AwsRestXmlProtocol,
} from '@aws-sdk/core/protocols';
import type { Input, ServiceName } from '../call/service.ts';
import { PLAIN_SERVICES, type PlainAnswer, type PlainCall } from './plain-call.ts';

/** Settings that the packages of clients give to their protocol. */
type Settings = ConstructorParameters<typeof AwsJson1_1Protocol>[0] &
  ConstructorParameters<typeof AwsQueryProtocol>[0];

type Wire = AwsJson1_1Protocol | AwsQueryProtocol | AwsRestJsonProtocol | AwsRestXmlProtocol;
type Serialize = Wire['serializeRequest'];
type Deserialize = Wire['deserializeResponse'];
type WireRequest = Awaited<ReturnType<Serialize>>;
type WireResponse = Parameters<Deserialize>[2];

/**
 * The protocol of SDK clients whose calls stay in this process, `new SQSClient({ requestHandler, protocol })`: what a call
 * takes and gives is copied instead of written and read. Errors, services whose requests say more than their input, and
 * tokens that a client makes up keep the format of the wire.
 */
export class InProcessProtocol {
  readonly #wire: Wire;
  /** Undefined where every call keeps the format of the wire. */
  readonly #service: ServiceName | undefined;

  constructor(settings: Settings) {
    const target = settings.serviceTarget.split('.').at(-1) ?? '';
    this.#service = Object.hasOwn(PLAIN_SERVICES, target) ? PLAIN_SERVICES[target] : undefined;
    this.#wire = wireOf(settings);
  }

  getShapeId(): string {
    return this.#wire.getShapeId();
  }

  getRequestType(): ReturnType<Wire['getRequestType']> {
    return this.#wire.getRequestType();
  }

  getResponseType(): ReturnType<Wire['getResponseType']> {
    return this.#wire.getResponseType();
  }

  getPayloadCodec(): ReturnType<Wire['getPayloadCodec']> {
    return this.#wire.getPayloadCodec();
  }

  setSerdeContext(configuration: Parameters<Wire['setSerdeContext']>[0]): void {
    this.#wire.setSerdeContext(configuration);
  }

  updateServiceEndpoint(...given: Parameters<Wire['updateServiceEndpoint']>): WireRequest {
    return this.#wire.updateServiceEndpoint(...given);
  }

  async serializeRequest(...[schema, input, context]: Parameters<Serialize>): Promise<WireRequest> {
    if (this.#service === undefined || wantsToken(schema, input)) {
      return this.#wire.serializeRequest(schema, input, context);
    }
    const { hostname } = await context.endpoint();
    const plain: PlainCall = {
      service: this.#service,
      operation: schema.name,
      input: members(input, this.#service === 'sns' ? sentAsText : sent) as Input,
      region: hostname.split('.')[1] ?? '',
    };
    // What lacks a host is no HTTP request: nothing on the way to the request handler looks into it.
    return { method: 'POST', path: '/', headers: {}, plain } as Partial<WireRequest> as WireRequest;
  }

  async deserializeResponse<Output extends Awaited<ReturnType<Deserialize>>>(
    schema: Parameters<Deserialize>[0],
    context: Parameters<Deserialize>[1],
    response: WireResponse & { readonly plain?: PlainAnswer },
  ): Promise<Output> {
    if (response.plain === undefined) {
      return this.#wire.deserializeResponse<Output>(schema, context, response);
    }
    const { output, requestId } = response.plain;
    const made = members(output, (this.#service && RECEIVED[this.#service]) ?? received);
    return { ...made, $metadata: { httpStatusCode: 200, requestId } } as object as Output;
  }
}

/** Services of the query protocol. */
const QUERY: readonly string[] = ['sns', 'sts', 'iam', 'rds'];
/** Services whose operations are paths, in JSON. */
const REST: readonly string[] = ['lambda', 'scheduler', 'securityhub'];

function wireOf(settings: Settings): Wire {
  const name = settings.defaultNamespace.split('.').at(-1) ?? '';
  if (QUERY.includes(name)) return new AwsQueryProtocol(settings);
  if (REST.includes(name)) return new AwsRestJsonProtocol(settings);
  return name === 's3' ? new AwsRestXmlProtocol(settings) : new AwsJson1_1Protocol(settings);
}

/** The bit by which schemas of the SDK mark a token that the wire formats make up where a caller gives none. */
const IDEMPOTENCY_TOKEN = 4;

function wantsToken({ input: schema }: Parameters<Serialize>[0], input: object): boolean {
  const [, , , , names = [], schemas = []] = Object(typeof schema === 'function' ? schema() : schema);
  return names.some(
    (name: string, index: number) => schemas[index]?.[1] === IDEMPOTENCY_TOKEN && !(name in input),
  );
}

/** Part of an input as it comes off the wire: absent members left out, times as epoch seconds, bytes as base64. */
function sent(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return Array.isArray(value) ? value.map(sent) : members(value, sent);
}

/** The same in a form, in which all is text. */
function sentAsText(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? value.map(sentAsText) : members(value, sentAsText);
}

/** Part of an output as a client reads it: absent members left out. What is frozen was made for clients. */
function received(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Date || value instanceof Uint8Array) return value;
  return Array.isArray(value) ? value.map(received) : members(value, received);
}

/** The same where attributes are texts, whatever they stand for. */
const receivedAsText = (value: unknown, name: string): unknown =>
  name === 'Attributes' ? members(Object(value), String) : received(value);

/** The same of a table, whose binary attributes the simulator has as base64. */
function receivedOfTable(value: unknown, name: string): unknown {
  if (name === 'B' && typeof value === 'string') return bytesOf(value);
  if (name === 'BS' && Array.isArray(value)) return value.map(bytesOf);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => receivedOfTable(item, ''));
  return value instanceof Date ? value : members(value, receivedOfTable);
}

const bytesOf = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'base64'));

/** The services whose outputs need more than a copy. */
const RECEIVED: Partial<Record<ServiceName, Copied>> = { sns: receivedAsText, dynamodb: receivedOfTable };

type Copied = (value: unknown, name: string) => unknown;

function members(value: object, copied: Copied): Readonly<Record<string, unknown>> {
  const from = value as Readonly<Record<string, unknown>>;
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(from)) {
    const member = from[name];
    if (member !== undefined && member !== null) copy[name] = copied(member, name);
  }
  return copy;
}
