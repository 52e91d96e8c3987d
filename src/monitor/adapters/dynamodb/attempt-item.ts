import type { AttributeValue, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { DAY, type Instant, SECOND } from '../../../calendar/instant.ts';
import type { Attempt, AttemptEntry } from '../../ports/store/alert-store.ts';
import { optional, or, time } from './schema.ts';
import type { Item } from './state-item.ts';

/** Attempts are kept this long, so that a yearly audit finds all of them. */
const KEEP_MS = 400 * DAY;
/** Start of the sort keys of attempts. */
export const ATTEMPT_PREFIX = 'attempt#';

/** The update that adds an event to its attempt; making it twice changes nothing. */
export function attemptUpdate(tableName: string, entry: AttemptEntry): UpdateItemCommandInput {
  const { secretArn, versionId, eventId, at } = entry;
  const when = { N: String(at) };
  const expiry = { N: String(Math.ceil((at + KEEP_MS) / SECOND)) };
  const key = { pk: { S: secretArn }, sk: { S: `${ATTEMPT_PREFIX}${versionId ?? `unknown#${eventId}`}` } };
  if (entry.kind === 'failed') {
    const failure = { SS: [`${at} ${eventId} ${entry.step ?? ''}`] };
    return {
      TableName: tableName,
      Key: key,
      UpdateExpression: 'SET expiresAt = :expiry ADD failures :failure',
      ExpressionAttributeValues: { ':expiry': expiry, ':failure': failure },
    };
  }
  return {
    TableName: tableName,
    Key: key,
    UpdateExpression: 'SET #at = if_not_exists(#at, :at), expiresAt = :expiry',
    ExpressionAttributeNames: { '#at': `${entry.kind}At` },
    ExpressionAttributeValues: { ':at': when, ':expiry': expiry },
  };
}

/** The attempt an item holds. */
export function attemptOf(item: Item): Attempt {
  return {
    versionId: (item['sk']?.S ?? '').slice(ATTEMPT_PREFIX.length),
    startedAt: instantOf(item['startedAt']),
    succeededAt: instantOf(item['succeededAt']),
    abandonedAt: instantOf(item['abandonedAt']),
    failures: (item['failures']?.SS ?? []).flatMap(failureOf).sort((a, b) => a.at - b.at),
  };
}

const instantOf = (value: AttributeValue | undefined): Instant | undefined =>
  or(optional(time), undefined)(value?.N === undefined ? undefined : Number(value.N));

/** A failure out of its text; none where it is not written as it should be. */
function failureOf(text: string): readonly Attempt['failures'][number][] {
  const [written, , step] = text.split(' ');
  const at = or(time, undefined)(Number(written));
  return at === undefined ? [] : [{ at, step: step === '' ? undefined : step }];
}
