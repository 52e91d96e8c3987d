import {
  type CloudTrailClient,
  type LookupAttributeKey,
  LookupEventsCommand,
} from '@aws-sdk/client-cloudtrail';
import type { TimeSpan } from '../../../calendar/time-span.ts';
import { type EventHistory, EventHistoryError } from '../../ports/look/event-history.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';
import { changingCall, envelopeOf, readRecord } from './read-record.ts';

/** Where to look: in the region of the secrets, and where global services record their calls. */
export interface HistoryClients {
  readonly regional: CloudTrailClient;
  readonly global: CloudTrailClient;
}

/** Reads CloudTrail's event history: one page a question, because two requests a second are all that an account has. */
export const cloudtrailEventHistory = ({ regional, global }: HistoryClients): EventHistory => ({
  async callsOn({ name, isGlobal }, span) {
    const client = isGlobal ? global : regional;
    const records = await lookUp(client, { attribute: 'ResourceName', value: name, span });
    return records.flatMap((record) => changingCall(record) ?? []);
  },
  async envelopes(eventName, span) {
    const records = await lookUp(regional, { attribute: 'EventName', value: eventName, span });
    return records.map(envelopeOf);
  },
});

interface Question {
  readonly attribute: LookupAttributeKey;
  readonly value: string;
  readonly span: TimeSpan;
}

type TrailRecord = NonNullable<ReturnType<typeof readRecord>>;

async function lookUp(
  client: CloudTrailClient,
  { attribute, value, span }: Question,
): Promise<readonly TrailRecord[]> {
  const command = new LookupEventsCommand({
    LookupAttributes: [{ AttributeKey: attribute, AttributeValue: value }],
    StartTime: new Date(span.from),
    EndTime: new Date(span.until),
  });
  const { Events = [] } = await client.send(command).catch((error: unknown) => {
    throw new EventHistoryError(
      `Cannot look up events by ${attribute} "${value}": ${describeFailure(error)}`,
      {
        ...failureOf(error),
        cause: error,
      },
    );
  });
  return Events.map(({ CloudTrailEvent }) => readRecord(CloudTrailEvent)).filter(
    (record) => record !== undefined,
  );
}

/**
 * The region in which a partition's global services record their calls.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
 */
export function globalRegion(region: string): string {
  if (region.startsWith('cn-')) return 'cn-north-1';
  return region.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1';
}
