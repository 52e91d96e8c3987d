import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import type { Operation } from '../call/service.ts';
import type { LogEvent, LogGroups } from './log-groups.ts';
import { group, groupNameOf, invalidToken, limit, noStream, paged, pageOf, read } from './log-input.ts';

/** Most events of an answer. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
const MOST_EVENTS = 10_000;

const period = { startTime: z.number().optional(), endTime: z.number().optional() };
const filtering = z.object({
  ...group,
  ...paged,
  ...period,
  logStreamNames: z.array(z.string()).max(100).optional(),
  logStreamNamePrefix: z.string().optional(),
  filterPattern: z.string().max(1024).default(''),
  limit: limit(MOST_EVENTS),
});
const getting = z.object({
  ...group,
  ...paged,
  ...period,
  logStreamName: z.string(),
  startFromHead: z.boolean().default(false),
  limit: limit(MOST_EVENTS),
});

/** Lines of all streams, in the order of their time, that match a pattern. */
export const filterLogEvents =
  (groups: LogGroups): Operation =>
  (input) => {
    const request = read(filtering, input);
    const { logStreamNames, logStreamNamePrefix, filterPattern } = request;
    if (logStreamNames !== undefined && logStreamNamePrefix !== undefined) {
      throw new AwsError(
        'InvalidParameterException',
        'Cannot use both logStreamNames and logStreamNamePrefix.',
      );
    }
    const matches = parseFilterPattern(filterPattern);
    const found = within(groups.find(groupNameOf(request)).events, request).filter(
      ({ stream, message }) =>
        (logStreamNames?.includes(stream) ?? stream.startsWith(logStreamNamePrefix ?? '')) &&
        matches(message),
    );
    const events = found.map((event) => ({
      logStreamName: event.stream,
      ...shownEvent(event),
      eventId: String(event.id).padStart(56, '0'),
    }));
    return { ...pageOf(events, 'events', request), searchedLogStreams: [] };
  };

/** Lines of one stream: the newest by default. A token that has no further page is answered again. */
export const getLogEvents =
  (groups: LogGroups): Operation =>
  (input) => {
    const request = read(getting, input);
    const { events, streams } = groups.find(groupNameOf(request));
    if (!streams.has(request.logStreamName)) throw noStream();
    const lines = within(events, request).filter(({ stream }) => stream === request.logStreamName);
    const [start, end] = stretch(request, lines.length);
    return {
      events: lines.slice(start, end).map(shownEvent),
      nextForwardToken: `f/${end}`,
      nextBackwardToken: `b/${start}`,
    };
  };

function stretch(
  { nextToken, startFromHead, limit: most }: z.infer<typeof getting>,
  length: number,
): readonly [start: number, end: number] {
  const [, way, at] = /^([fb])\/(\d+)$/.exec(nextToken ?? (startFromHead ? 'f/0' : `b/${length}`)) ?? [];
  if (at === undefined) throw invalidToken();
  const edge = Math.min(Number(at), length);
  return way === 'f' ? [edge, Math.min(length, edge + most)] : [Math.max(0, edge - most), edge];
}

/** Events from the start, included, until the end, which is not; in the order of their time. */
const within = (
  events: readonly LogEvent[],
  {
    startTime = 0,
    endTime = Number.POSITIVE_INFINITY,
  }: { startTime?: number | undefined; endTime?: number | undefined },
): readonly LogEvent[] =>
  events.filter(({ at }) => at >= startTime && at < endTime).sort((a, b) => a.at - b.at || a.id - b.id);

const shownEvent = ({ at, message }: LogEvent) => ({ timestamp: at, message, ingestionTime: at });

/**
 * Reads a filter pattern of terms: all plain terms have to be there, one of those with `?`, none of those with `-`.
 * Patterns for JSON, for columns and regular expressions are refused.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function parseFilterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[%]/.test(text)) throw invalidPattern();
  const terms = [...text.matchAll(TERM)];
  if (
    terms
      .map(([whole]) => whole)
      .join('')
      .replaceAll(/\s/g, '') !== text.replaceAll(/\s/g, '')
  ) {
    throw invalidPattern();
  }
  const of = (sign: string): readonly string[] =>
    terms.flatMap(([, found = '', quoted, plain]) =>
      found === sign ? [unescaped(quoted) ?? plain ?? ''] : [],
    );
  const [wanted, optional, excluded] = [of(''), of('?'), of('-')];
  return (message) =>
    wanted.every((term) => message.includes(term)) &&
    (optional.length === 0 || wanted.length > 0 || optional.some((term) => message.includes(term))) &&
    !excluded.some((term) => message.includes(term));
}

/** A term: its sign, then a quoted text or one of letters, digits and underscores. */
const TERM = /([?-]?)(?:"((?:\\.|[^"\\])*)"|([\w]+))\s*/g;

const unescaped = (quoted: string | undefined): string | undefined => quoted?.replaceAll(/\\(.)/g, '$1');

const invalidPattern = (): AwsError => new AwsError('InvalidParameterException', 'Invalid filter pattern');
