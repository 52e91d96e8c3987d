import {
  type CloudTrailClient,
  type LookupAttributeKey,
  LookupEventsCommand,
} from '@aws-sdk/client-cloudtrail';
import { instant } from '../../../calendar/instant.ts';
import type { TimeSpan } from '../../../calendar/time-span.ts';
import { type EventHistory, EventHistoryError, type HistoryPage } from '../../ports/look/event-history.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';
import { changingCall, envelopeOf, readRecord } from './read-record.ts';

/** Where to look: in the region of the secrets, and where global services record their calls. */
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
