import * as z from 'zod';
import { type Instant, instant, later, SECOND } from '../../calendar/instant.ts';
import { AwsError } from '../call/aws-error.ts';
import { frozenCopy } from '../call/frozen-copy.ts';
import { readInput } from '../call/input.ts';
import type { RateLimit } from '../call/request-rate.ts';
import type { Operation } from '../call/service.ts';
import { type EventHistory, type PastRecord, RETENTION_MS } from './event-history.ts';
import { recorded, userNameOf } from './trail-record.ts';

/** Dependencies of LookupEvents. */
export interface LookupDependencies {
  readonly history: EventHistory;
  readonly limit: RateLimit;
  /** Returns the time from an event until it can be looked up, in milliseconds. */
  readonly lagMs: () => number;
}

/** Most events of an answer, also when the caller names no number. */
const PAGE = 50;

const ATTRIBUTES = [
  'EventId',
  'EventName',
  'ReadOnly',
  'Username',
  'ResourceType',
  'ResourceName',
  'EventSource',
  'AccessKeyId',
] as const;

type Attribute = (typeof ATTRIBUTES)[number];

const epochSeconds = z.number().transform((seconds) => instant(seconds * SECOND));
const looking = z.object({
  LookupAttributes: z
    .array(z.object({ AttributeKey: z.enum(ATTRIBUTES), AttributeValue: z.string().min(1).max(2000) }))
    .max(1)
    .default([]),
  StartTime: epochSeconds.optional(),
  EndTime: epochSeconds.optional(),
  MaxResults: z.number().int().optional(),
  NextToken: z.string().optional(),
});

type Looking = z.infer<typeof looking>;

/**
 * LookupEvents: management events of the last 90 days, newest first, at most 50 a page, by one attribute.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export const lookupEvents =
  ({ history, limit, lagMs }: LookupDependencies): Operation =>
  (input, { now }) => {
    const request = readInput(looking, input, refuse);
    if (!limit.take(now)) throw new AwsError('ThrottlingException', 'Rate exceeded');
    check(request);
    const from = oldest(request.StartTime, now);
    const to = earlier(request.EndTime, later(now, -lagMs()));
    const [first] = request.LookupAttributes;
    const found =
      first?.AttributeKey === 'EventName'
        ? history.namedBetween(first.AttributeValue, from, to)
        : history
            .between(from, to)
            .filter((past) => request.LookupAttributes.every((wanted) => hasAttribute(past, wanted)));
    const start = offset(request);
    const end = start + (request.MaxResults ?? PAGE);
    return {
      Events: found.slice(start, end).map(shown),
      ...(end < found.length && { NextToken: tokenOf(request, end) }),
    };
  };

const refuse = (member: string, reason: string): AwsError =>
  new AwsError('InvalidLookupAttributesException', `${member}: ${reason}`);

function check({ StartTime, EndTime, MaxResults }: Looking): void {
  if (StartTime !== undefined && EndTime !== undefined && StartTime > EndTime) {
    throw new AwsError('InvalidTimeRangeException', 'The start time must be before the end time.');
  }
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > PAGE)) {
    throw new AwsError('InvalidMaxResultsException', `MaxResults must be between 1 and ${PAGE}.`);
  }
}

const oldest = (from: Instant | undefined, now: Instant): Instant =>
  instant(Math.max(from ?? 0, now - RETENTION_MS));

const earlier = (a: Instant | undefined, b: Instant): Instant => (a !== undefined && a < b ? a : b);

function hasAttribute(
  past: PastRecord,
  { AttributeKey, AttributeValue }: Looking['LookupAttributes'][number],
): boolean {
  if (AttributeKey === 'ResourceName' || AttributeKey === 'ResourceType') {
    return past.resources.some((resource) => resource[AttributeKey] === AttributeValue);
  }
  return ATTRIBUTE_OF[AttributeKey](past) === AttributeValue;
}

type SingleAttribute = Exclude<Attribute, 'ResourceName' | 'ResourceType'>;

const ATTRIBUTE_OF: Readonly<Record<SingleAttribute, (past: PastRecord) => string | undefined>> = {
  EventId: ({ record }) => recorded(record, 'eventID'),
  EventName: ({ eventName }) => eventName,
  ReadOnly: ({ record }) => recorded(record, 'readOnly'),
  Username: ({ record }) => userNameOf(record),
  EventSource: ({ record }) => recorded(record, 'eventSource'),
  AccessKeyId: ({ record }) => recorded(record, 'userIdentity', 'accessKeyId'),
};

/** Events of answers by their records: what is looked for is looked for many times. */
const events = new WeakMap<PastRecord, unknown>();

function shown(past: PastRecord): unknown {
  const event = events.get(past) ?? frozenCopy(eventOf(past));
  events.set(past, event);
  return event;
}

const eventOf = (past: PastRecord): object => ({
  ...Object.fromEntries(
    Object.entries(ATTRIBUTE_OF)
      .map(([name, read]) => [name, read(past)])
      .filter(([, value]) => value !== undefined),
  ),
  EventTime: new Date(past.at),
  Resources: past.resources,
  CloudTrailEvent: JSON.stringify(past.record),
});

/** A token belongs to the parameters it was given for. */
const tokenOf = (request: Looking, start: number): string =>
  Buffer.from(JSON.stringify([start, fingerprint(request)])).toString('base64');

const fingerprint = ({ NextToken: _token, ...parameters }: Looking): string => JSON.stringify(parameters);

function offset(request: Looking): number {
  const { NextToken } = request;
  if (NextToken === undefined) return 0;
  for (const [start, parameters] of parsedToken(NextToken)) {
    if (parameters === fingerprint(request)) return start;
  }
  throw new AwsError('InvalidNextTokenException', 'The token is not valid for these parameters.');
}

const token = z.tuple([z.number().int().min(0), z.string()]);

function parsedToken(text: string): readonly (readonly [number, string])[] {
  try {
    return [token.parse(JSON.parse(Buffer.from(text, 'base64').toString('utf8')))];
  } catch {
    return [];
  }
}
