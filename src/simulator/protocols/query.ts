import { AwsError } from '../call/aws-error.ts';
import type { Input, ServiceName } from '../call/service.ts';
import { credentialScope } from './credential.ts';
import { parseForm } from './form.ts';
import type { Exchange, Protocol, WireResponse } from './wire.ts';
import { element } from './xml.ts';

interface QueryService {
  readonly service: ServiceName;
  readonly namespace: string;
}

/** The services that speak the query protocol, by the service name that requests are signed for. */
const SERVICES: Readonly<Record<string, Partial<QueryService>>> = {
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
    return answered(error.status, requestId, failure(known(error, operation), requestId, namespace));
  }
}

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
