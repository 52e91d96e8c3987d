import { AwsError } from '../call/aws-error.ts';
import type { Input, ServiceName } from '../call/service.ts';
import { refusedJson } from './json.ts';
import { refusedQuery } from './query.ts';
import type { Exchange, WireResponse } from './wire.ts';

/** A call of an SDK client in this process whose input was not written down. */
export interface PlainCall {
  readonly service: ServiceName;
  readonly operation: string;
  /** The same as comes off the wire. */
  readonly input: Input;
  /** Region that the client calls. */
  readonly region: string;
}

/** The answer to a plain call that was carried out. */
export interface PlainAnswer {
  readonly requestId: string;
  /** Output of the operation, for the caller to copy. */
  readonly output: object;
}

/** The services whose protocol does not say more than the input. */
export const PLAIN_SERVICES: Readonly<Record<string, ServiceName>> = {
  secretsmanager: 'secretsmanager',
  AWSEvents: 'events',
  GraniteServiceVersion20100801: 'monitoring',
  AmazonSQS: 'sqs',
  AmazonSimpleNotificationService: 'sns',
  DynamoDB_20120810: 'dynamodb',
  AmazonSSM: 'ssm',
  CloudTrail_20131101: 'cloudtrail',
};

/** Answers a plain call; a refusal comes as it does on the wire. */
export async function answerPlain(
  { service, operation, input }: PlainCall,
  role: string,
  { dispatch, requestId }: Exchange,
): Promise<PlainAnswer | WireResponse> {
  const id = requestId();
  try {
    return { requestId: id, output: Object(await dispatch({ service, operation, input, role })) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return service === 'sns' ? refusedQuery(error, operation, id, service) : refusedJson(error, service, id);
  }
}
