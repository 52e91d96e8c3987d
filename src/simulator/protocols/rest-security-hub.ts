import { AwsError } from '../call/aws-error.ts';
import { credentialScope } from './credential.ts';
import { encodeJson, parseJson } from './json.ts';
import type { Exchange, Protocol, WireRequest, WireResponse } from './wire.ts';

/** https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Operations.html */
const OPERATIONS: Readonly<Record<string, string>> = {
  'POST /findings': 'GetFindings',
  'POST /findings/import': 'BatchImportFindings',
};

/** Security Hub's REST protocol: JSON in and out. What is signed for it and not simulated is refused by its path. */
export const restSecurityHubProtocol: Protocol = (request, exchange) =>
  credentialScope(request.headers['authorization'])?.service === 'securityhub'
    ? answer(request, exchange)
    : undefined;

async function answer(request: WireRequest, exchange: Exchange): Promise<WireResponse> {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': exchange.requestId() };
  const asked = `${request.method} ${request.path.replace(/\/$/, '')}`;
  const operation = OPERATIONS[asked] ?? asked;
  try {
    const input = parseJson(request.body);
    const output = await exchange.dispatch({ service: 'securityhub', operation, input, role: request.role });
    return { status: 200, headers, body: encodeJson(output) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const body = JSON.stringify({ Code: error.code, Message: error.message });
    return { status: error.status, headers: { ...headers, 'x-amzn-errortype': error.code }, body };
  }
}
