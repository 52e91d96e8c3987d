import {
  type CloudTrailClient,
  type LookupAttributeKey,
  LookupEventsCommand,
} from '@aws-sdk/client-cloudtrail';
import { instant, parseInstant } from '../../../calendar/instant.ts';
import type { TimeSpan } from '../../../calendar/time-span.ts';
import type { RecordedCall } from '../../domain/finding/change.ts';
import { type EventHistory, EventHistoryError, type HistoryPage } from '../../ports/look/event-history.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** Clients for the region of the secrets, and for the one in which global services record their calls. */
export interface HistoryClients {
  readonly regional: CloudTrailClient;
  readonly global: CloudTrailClient;
}

/** Reads CloudTrail's event history, one page a question. */
export const cloudtrailEventHistory = ({ regional, global }: HistoryClients): EventHistory => ({
  callsOn: ({ name, isGlobal }, span, page) =>
    lookUp(isGlobal ? global : regional, {
      question: { attribute: 'ResourceName', value: name, span, page },
      read: (record) => [changingCall(record) ?? []].flat(),
    }),
  envelopes: (eventName, span, page) =>
    lookUp(regional, {
      question: { attribute: 'EventName', value: eventName, span, page },
      read: (record) => [envelopeOf(record)],
    }),
});

interface Question {
  readonly attribute: LookupAttributeKey;
  readonly value: string;
  readonly span: TimeSpan;
  readonly page: string | undefined;
}

type TrailRecord = NonNullable<ReturnType<typeof readRecord>>;

interface Reading<T> {
  readonly question: Question;
  readonly read: (record: TrailRecord) => readonly T[];
}

async function lookUp<T>(
  client: CloudTrailClient,
  { question: { attribute, value, span, page }, read }: Reading<T>,
): Promise<HistoryPage<T>> {
  const command = new LookupEventsCommand({
    LookupAttributes: [{ AttributeKey: attribute, AttributeValue: value }],
    StartTime: new Date(span.from),
    EndTime: new Date(span.until),
    ...(page === undefined ? {} : { NextToken: page }),
  });
  const { Events = [], NextToken } = await client.send(command).catch((error: unknown) => {
    throw new EventHistoryError(
      `Cannot look up events by ${attribute} "${value}": ${describeFailure(error)}`,
      {
        ...failureOf(error),
        cause: error,
      },
    );
  });
  const times = Events.flatMap(({ EventTime }) => EventTime?.getTime() ?? []);
  return {
    found: Events.flatMap(({ CloudTrailEvent }) => {
      const record = readRecord(CloudTrailEvent);
      return record === undefined ? [] : read(record);
    }),
    next: NextToken || undefined,
    oldestAt: times.length === 0 ? undefined : instant(Math.min(...times)),
  };
}

/**
 * The region in which a partition's global services record their calls.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
 */
export function globalRegion(region: string): string {
  if (region.startsWith('cn-')) return 'cn-north-1';
  return region.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1';
}

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
