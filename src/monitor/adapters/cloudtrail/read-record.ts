import { parseInstant } from '../../../calendar/instant.ts';
import type { RecordedCall } from '../../domain/finding/change.ts';

type Json = Readonly<Record<string, unknown>>;

/** Longest text taken from a record. */
const LONGEST_TEXT = 2048;

/** A record of CloudTrail out of its JSON text; undefined when it is none. */
export function readRecord(text: string | undefined): Json | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A successful call that changed something; undefined for reads, failures and what is no call. Parameters are dropped. */
export function changingCall(record: Json): RecordedCall | undefined {
  if (record['readOnly'] === true || (record['errorCode'] ?? undefined) !== undefined) return undefined;
  const id = textOf(record['eventID']);
  const at = parseInstant(textOf(record['eventTime']) ?? '');
  const source = textOf(record['eventSource']);
  const name = textOf(record['eventName']);
  if (id === undefined || at === undefined || source === undefined || name === undefined) return undefined;
  return { id, at, source, operation: withoutVersion(name), actor: actorOf(record['userIdentity']) };
}

/** The record as EventBridge would have delivered it. */
export const envelopeOf = (record: Json): Json => ({
  version: '0',
  id: record['eventID'],
  'detail-type':
    record['eventType'] === 'AwsServiceEvent'
      ? 'AWS Service Event via CloudTrail'
      : 'AWS API Call via CloudTrail',
  source: textOf(record['eventSource'])?.replace(/^(.+)\.amazonaws\.com$/, 'aws.$1'),
  account: record['recipientAccountId'],
  time: record['eventTime'],
  region: record['awsRegion'],
  resources: [],
  detail: record,
});

/** `UpdateFunctionCode20150331v2`: names of Lambda carry the date of their API version. */
const withoutVersion = (name: string): string => name.replace(/\d{8}(v\d+)?$/, '');

const actorOf = (identity: unknown): string | undefined =>
  isRecord(identity) ? (textOf(identity['arn']) ?? textOf(identity['invokedBy'])) : undefined;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT ? value : undefined;

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
