import type { SecretState } from '../../../src/monitor/domain/state/secret-state.ts';
import { bodyText, mostBytes } from '../../../src/simulator/protocols/body.ts';
import type { InProcessHandler } from '../../../src/simulator/protocols/in-process-handler.ts';

/** A request of one of the monitor's SDK clients. */
export type Request = Parameters<InProcessHandler['handle']>[0];

/** The response to a request. */
export type Response = Awaited<ReturnType<InProcessHandler['handle']>>;

const target = ({ headers }: Request): string => headers['x-amz-target'] ?? '';

function textOf({ plain, body }: Request): string {
  if (plain !== undefined) return JSON.stringify(plain.input);
  return body instanceof Uint8Array ? bodyText(body, undefined, mostBytes(undefined)) : String(body ?? '');
}

/** Whether a request publishes to a topic. */
export const isPublish = (request: Request): boolean =>
  request.plain === undefined
    ? target(request) === '' && textOf(request).includes('Action=Publish')
    : request.plain.operation === 'Publish';

/** Whether a request lists secrets. */
export const isList = (request: Request): boolean =>
  request.plain?.operation === 'ListSecrets' || target(request).endsWith('.ListSecrets');

/** The state of a secret or target that a request writes; undefined for every other request. */
export function writtenState(request: Request): SecretState | undefined {
  return target(request).endsWith('.PutItem') ? stateIn(JSON.parse(textOf(request))) : undefined;
}

/** The state that a call of PutItem has carried out or would. */
export function stateIn(input: unknown): SecretState | undefined {
  const Item = Object(Object(input).Item);
  return Item.sk?.S === 'state' ? (JSON.parse(Item.body.S) as SecretState) : undefined;
}

/** The same request with another state in it; one of another revision is written whatever is stored. */
export function withState(request: Request, state: SecretState): Request {
  const { ConditionExpression, ExpressionAttributeValues, Item, ...input } = JSON.parse(textOf(request));
  const isSame = Item.revision.N === String(state.revision);
  const { undelivered, ...item } = Item;
  const body = {
    ...input,
    ...(isSame ? { ConditionExpression, ExpressionAttributeValues } : {}),
    Item: {
      ...item,
      ...(state.outbox.length > 0 ? { undelivered } : {}),
      revision: { N: String(state.revision) },
      body: { S: JSON.stringify(state) },
    },
  };
  return { ...request, body: Buffer.from(JSON.stringify(body)) };
}

/** The secret that a request is about. */
export const secretIn = (request: Request): string | undefined =>
  /arn:aws:secretsmanager:[\w-]+:\d+:secret:[^"\\#]+/.exec(textOf(request))?.[0];
