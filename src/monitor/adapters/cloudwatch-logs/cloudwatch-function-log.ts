import {
  type CloudWatchLogsClient,
  type FilteredLogEvent,
  paginateFilterLogEvents,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { instant } from '../../../calendar/instant.ts';
import type { LogLine } from '../../domain/examine/logged-run.ts';
import { type FunctionLog, FunctionLogError } from '../../ports/look/function-log.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** Pages that are read at most, of 10,000 lines or 1 MB: a function that logs much is not read to its end. */
const MOST_PAGES = 20;

/** Reads logs by FilterLogEvents. */
export const cloudwatchFunctionLog = (client: CloudWatchLogsClient): FunctionLog => ({
  async lines(group, { from, until }, words) {
    const request = {
      logGroupName: group,
      startTime: from,
      endTime: until,
      filterPattern: words.map(anyOf).join(' '),
    };
    const lines: LogLine[] = [];
    try {
      let pages = 0;
      for await (const { events = [], nextToken } of paginateFilterLogEvents({ client }, request)) {
        lines.push(...events.map(lineOf));
        pages += 1;
        if (pages === MOST_PAGES) return { lines, isWhole: nextToken === undefined };
      }
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      const failure = failureOf(error);
      const needs = failure.reason === 'denied' ? ', needs logs:FilterLogEvents' : '';
      throw new FunctionLogError(`Cannot read log group "${group}": ${describeFailure(error)}${needs}`, {
        ...failure,
        cause: error,
      });
    }
    return { lines, isWhole: true };
  },
});

/** A term of which any may be there. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html */
const anyOf = (word: string): string => `?"${word.replaceAll(/["\\]/g, '\\$&')}"`;

const lineOf = ({ timestamp = 0, logStreamName = '', message = '' }: FilteredLogEvent): LogLine => ({
  at: instant(timestamp),
  stream: logStreamName,
  text: message.trimEnd(),
});
