import * as z from 'zod';
import type { Instant } from '../../calendar/instant.ts';
import { AwsError } from '../call/aws-error.ts';
import type { Home, Service } from '../call/service.ts';
import { filterLogEvents, getLogEvents } from './log-events.ts';
import type { LogGroup, LogGroups, LogStream } from './log-groups.ts';
import { group, groupNameOf, limit, noStream, paged, pageOf, read } from './log-input.ts';

/** Most groups or streams of an answer. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html */
const MOST_DESCRIBED = 50;
const describingGroups = z.object({
  logGroupNamePrefix: z.string().optional(),
  logGroupNamePattern: z.string().optional(),
  limit: limit(MOST_DESCRIBED),
  ...paged,
});
const describingStreams = z.object({
  ...group,
  ...paged,
  logStreamNamePrefix: z.string().optional(),
  orderBy: z.enum(['LogStreamName', 'LastEventTime']).default('LogStreamName'),
  descending: z.boolean().default(false),
  limit: limit(MOST_DESCRIBED),
});
const creating = z.object({ logGroupName: z.string().regex(/^[.\-_/#A-Za-z0-9]{1,512}$/) });
const creatingStream = creating.extend({ logStreamName: z.string().regex(/^[^:*]{1,512}$/) });
const putting = creatingStream.extend({
  logEvents: z.array(z.object({ timestamp: z.number(), message: z.string().min(1) })).min(1),
});

/** CloudWatch Logs: groups, streams and the lines in them. */
export function createLogs(groups: LogGroups, home: Home): Service {
  return {
    operations: {
      CreateLogGroup: (input, { now }) => groups.create(read(creating, input).logGroupName, now),
      DeleteLogGroup: (input) => groups.remove(read(creating, input).logGroupName),
      CreateLogStream: (input, { now }) => {
        const { logGroupName, logStreamName } = read(creatingStream, input);
        groups.createStream(logGroupName, logStreamName, now);
      },
      PutLogEvents: (input) => {
        const { logGroupName, logStreamName, logEvents } = read(putting, input);
        if (!groups.find(logGroupName).streams.has(logStreamName)) throw noStream();
        for (const { timestamp, message } of logEvents) {
          groups.write(logGroupName, logStreamName, { at: timestamp as Instant, message });
        }
        return { nextSequenceToken: '0' };
      },
      DescribeLogGroups: (input) => {
        const {
          logGroupNamePrefix: prefix = '',
          logGroupNamePattern: part = '',
          ...page
        } = read(describingGroups, input);
        const found = groups.all().filter(({ name }) => name.startsWith(prefix) && isLike(name, part));
        return pageOf(
          found.map((each) => shownGroup(each, home)),
          'logGroups',
          page,
        );
      },
      DescribeLogStreams: (input) => describeStreams(groups, read(describingStreams, input), home),
      FilterLogEvents: filterLogEvents(groups),
      GetLogEvents: getLogEvents(groups),
    },
  };
}

/** A pattern is any part of the name, in whatever case. */
const isLike = (name: string, part: string): boolean => name.toLowerCase().includes(part.toLowerCase());

/** The members that CloudWatch Logs answers of a group; what it has of quotas and keys is left out. */
const shownGroup = ({ name, createdAt, events }: LogGroup, { account, region }: Home): object => {
  const arn = `arn:aws:logs:${region}:${account}:log-group:${name}`;
  return {
    logGroupName: name,
    creationTime: createdAt,
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes: events.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0),
    logGroupClass: 'STANDARD',
    logGroupArn: arn,
  };
};

function describeStreams(groups: LogGroups, request: z.infer<typeof describingStreams>, home: Home): object {
  const { logStreamNamePrefix: prefix = '', orderBy, descending } = request;
  const name = groupNameOf(request);
  if (orderBy === 'LastEventTime' && request.logStreamNamePrefix !== undefined) {
    throw new AwsError(
      'InvalidParameterException',
      'Cannot order by LastEventTime with a logStreamNamePrefix.',
    );
  }
  const keyOf = (stream: LogStream): string | number =>
    orderBy === 'LogStreamName' ? stream.name : (stream.lastEventAt ?? 0);
  const streams = [...groups.find(name).streams.values()]
    .filter((stream) => stream.name.startsWith(prefix))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1) * (descending ? -1 : 1));
  const arn = `arn:aws:logs:${home.region}:${home.account}:log-group:${name}:log-stream:`;
  return pageOf(
    streams.map((stream) => shownStream(stream, arn)),
    'logStreams',
    request,
  );
}

const shownStream = (
  { name, createdAt, firstEventAt, lastEventAt }: LogStream,
  arnPrefix: string,
): object => ({
  logStreamName: name,
  creationTime: createdAt,
  ...(firstEventAt !== undefined && { firstEventTimestamp: firstEventAt }),
  ...(lastEventAt !== undefined && { lastEventTimestamp: lastEventAt, lastIngestionTime: lastEventAt }),
  arn: `${arnPrefix}${name}`,
  storedBytes: 0,
});
