import { AwsError } from '../call/aws-error.ts';
import type { Input, ServiceName } from '../call/service.ts';
import { credentialScope } from './credential.ts';
import type { Exchange, Protocol, WireResponse } from './wire.ts';

interface QueryService {
  readonly service: ServiceName;
  readonly namespace: string;
}

/** The services that speak the query protocol, by the service name that requests are signed for. */
const SERVICES: Readonly<Record<string, Partial<QueryService>>> = {
  iam: { service: 'iam', namespace: 'https://iam.amazonaws.com/doc/2010-05-08/' },
  sns: { service: 'sns', namespace: 'http://sns.amazonaws.com/doc/2010-03-31/' },
  rds: { service: 'rds', namespace: 'http://rds.amazonaws.com/doc/2014-10-31/' },
  sts: { service: 'sts', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/' },
};

/**
 * The AWS query protocol: a form goes in, XML comes out.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export const queryProtocol: Protocol = (request, exchange) => {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) {
    const signedFor = credentialScope(request.headers['authorization'])?.service ?? '';
    return answer(parseForm(request.body), SERVICES[signedFor] ?? {}, request.role, exchange);
  }
  const isVisit = request.method === 'GET' && VISITED.includes(request.query['Action'] ?? '');
  return isVisit ? answer(request.query, SERVICES['sns'] ?? {}, request.role, exchange) : undefined;
};

/** Operations that SNS hands out as links, which nobody signs. */
const VISITED: readonly string[] = ['ConfirmSubscription', 'Unsubscribe'];

async function answer(
  members: Input,
  { namespace, service }: Partial<QueryService>,
  role: string,
  exchange: Exchange,
): Promise<WireResponse> {
  const requestId = exchange.requestId();
  const { Action, Version: _version, ...input } = members;
  const operation = typeof Action === 'string' ? Action : '';
  try {
    if (service === undefined) throw new AwsError('UnknownOperationException', operation);
    const output = await exchange.dispatch({ service, operation, input, role });
    return answered(200, requestId, success(operation, output, requestId, namespace));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return refused(error, operation, requestId, namespace);
  }
}

/** The answer to a call of a service of this protocol that failed. */
export const refusedQuery = (
  error: AwsError,
  operation: string,
  requestId: string,
  service: 'iam' | 'sns' | 'rds' | 'sts',
): WireResponse => refused(error, operation, requestId, SERVICES[service]?.namespace);

const refused = (
  error: AwsError,
  operation: string,
  requestId: string,
  namespace: string | undefined,
): WireResponse => answered(error.status, requestId, failure(known(error, operation), requestId, namespace));

function success(
  operation: string,
  output: unknown,
  requestId: string,
  namespace: string | undefined,
): string {
  const result = element(`${operation}Result`, output ?? {});
  const metadata = element('ResponseMetadata', { RequestId: requestId });
  return `<${operation}Response xmlns="${namespace}">${result}${metadata}</${operation}Response>`;
}

function failure(
  { code, message, status }: AwsError,
  requestId: string,
  namespace: string | undefined,
): string {
  const error = { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message };
  return `<ErrorResponse xmlns="${namespace}">${element('Error', error)}${element('RequestId', requestId)}</ErrorResponse>`;
}

/** Services of this protocol have a name of their own for an operation they do not know. */
function known(error: AwsError, operation: string): AwsError {
  if (error.code !== 'UnknownOperationException') return error;
  return new AwsError('InvalidAction', `The action ${operation} is not valid for this web service.`);
}

const answered = (status: number, requestId: string, body: string): WireResponse => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body,
});

type Tree = Map<string, Tree | string>;

/**
 * The input in a form body of the query protocol: `a.b=1` nests, `member.N` makes lists and `entry.N` maps.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function parseForm(body: string): Input {
  const root: Tree = new Map();
  for (const [path, value] of new URLSearchParams(body)) put(root, path.split('.'), value);
  return Object.fromEntries([...root].map(([key, value]) => [key, plain(value)]));
}

function put(tree: Tree, [step = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    tree.set(step, value);
    return;
  }
  const found = tree.get(step);
  const child: Tree = found instanceof Map ? found : new Map();
  tree.set(step, child);
  put(child, rest, value);
}

function plain(value: Tree | string): unknown {
  if (typeof value === 'string') return value;
  const members = value.get('member');
  if (members instanceof Map) return inOrder(members).map(plain);
  const entries = value.get('entry');
  if (entries instanceof Map) return Object.fromEntries(inOrder(entries).map(keyAndValue));
  return Object.fromEntries([...value].map(([key, child]) => [key, plain(child)]));
}

const inOrder = (list: Tree): readonly (Tree | string)[] =>
  [...list].sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);

/** Maps have `key` and `value`, or, in SNS's message attributes, `Name` and `Value`. */
function keyAndValue(entry: Tree | string): [string, unknown] {
  if (typeof entry === 'string') return [entry, undefined];
  const value = entry.get('value') ?? entry.get('Value');
  return [String(entry.get('key') ?? entry.get('Name')), value === undefined ? undefined : plain(value)];
}

/** Members that are maps in the API models of SNS and STS; every other object is a structure. */
const MAPS: ReadonlySet<string> = new Set(['Attributes']);

/** Lists of RDS, whose items have a name of their own. */
const ITEM_NAMES: Readonly<Record<string, string>> = { DBInstances: 'DBInstance', DBClusters: 'DBCluster' };

/** An XML element: objects become child elements, lists `member` elements unless their items have a name, maps `entry` elements, times ISO 8601. */
export function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  return `<${name}>${content(name, value)}</${name}>`;
}

function content(name: string, value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => element(ITEM_NAMES[name] ?? 'member', item)).join('');
  if (typeof value !== 'object' || value === null) return escapeXml(String(value));
  const members = Object.entries(value);
  if (!MAPS.has(name)) return members.map(([key, member]) => element(key, member)).join('');
  return members.map(([key, member]) => element('entry', { key, value: member })).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
  '\n': '&#xA;',
};

const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>"\r\n]/g, (character) => ENTITIES[character] ?? character);
