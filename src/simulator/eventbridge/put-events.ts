import * as z from 'zod';
import { formatInstant, instant } from '../../calendar/instant.ts';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Random } from '../call/random.ts';
import type { BusEvent, Call, Operation } from '../call/service.ts';
import type { Buses } from './buses.ts';
import type { Delivery } from './delivery.ts';

/** Most entries of one PutEvents request. */
const MAX_ENTRIES = 10;
/** All entries of a request together must be smaller: 1 MB. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const MAX_TOTAL_BYTES: number = 1024 * 1024;

const entry = z.object({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Resources: z.array(z.string()).default([]),
  Time: z.number().optional(),
  EventBusName: z.string().optional(),
});
const request = z.object({ Entries: z.array(entry).min(1).max(MAX_ENTRIES) });

type Entry = z.infer<typeof entry>;

/** PutEvents: every entry succeeds or fails for itself. */
export function putEvents(buses: Buses, delivery: Delivery, random: Random): Operation {
  return (input, call) => {
    const { Entries } = readInput(request, input);
    const size = Entries.reduce((sum, item) => sum + sizeOf(item), 0);
    if (size >= MAX_TOTAL_BYTES) {
      throw new AwsError(
        'ValidationException',
        'Total size of the entries in the request is over the limit.',
      );
    }
    const results = Entries.map((item) =>
      result(() => {
        const event = toEvent(item, call, random.uuid());
        delivery.put(buses.find(item.EventBusName), event);
        return event.id;
      }),
    );
    return { FailedEntryCount: results.filter((each) => 'ErrorCode' in each).length, Entries: results };
  };
}

function result(put: () => string): object {
  try {
    return { EventId: put() };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { ErrorCode: error.code, ErrorMessage: error.message };
  }
}

function toEvent(item: Entry, { account, region, now }: Call, id: string): BusEvent {
  const source = required(item, 'Source');
  const detailType = required(item, 'DetailType');
  const detail = parseDetail(required(item, 'Detail'));
  if (source.startsWith('aws.')) {
    throw new AwsError('NotAuthorizedForSourceException', 'Not authorized for the source.');
  }
  const seconds = Math.floor(item.Time ?? now / 1000);
  const time = formatInstant(instant(seconds * 1000));
  return {
    version: '0',
    id,
    'detail-type': detailType,
    source,
    account,
    time,
    region,
    resources: item.Resources,
    detail,
  };
}

function required(item: Entry, name: 'Source' | 'DetailType' | 'Detail'): string {
  const value = item[name];
  if (value !== undefined && value !== '') return value;
  const reason = `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
  throw new AwsError('InvalidArgument', reason);
}

const details = z.record(z.string(), z.unknown());

function parseDetail(text: string): Readonly<Record<string, unknown>> {
  try {
    return details.parse(JSON.parse(text));
  } catch {
    throw new AwsError('MalformedDetail', 'Detail is malformed.');
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-calculate-entry-size.html */
const sizeOf = (item: Entry): number =>
  [item.Source, item.DetailType, item.Detail, ...item.Resources].reduce(
    (sum, text) => sum + Buffer.byteLength(text ?? ''),
    item.Time === undefined ? 0 : 14,
  );
