import {
  type CloudWatchLogsClient,
  paginateFilterLogEvents,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { type FunctionLog, FunctionLogError } from '../../ports/look/function-log.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** Words of errors in the runtimes of Lambda. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html */
const ERRORS = '?ERROR ?Error ?error ?Exception ?Traceback ?"Task timed out"';
/** Pages that are read at most: a function that logs much is not read to its end. */
const MOST_PAGES = 5;

/** Reads logs by FilterLogEvents. */
export const cloudwatchFunctionLog = (client: CloudWatchLogsClient): FunctionLog => ({
  async errorLines(group, { from, until }, most) {
    const request = { logGroupName: group, startTime: from, endTime: until, filterPattern: ERRORS };
    const lines: string[] = [];
    try {
      let pages = 0;
      for await (const { events = [] } of paginateFilterLogEvents({ client }, request)) {
        lines.push(...events.map(({ message = '' }) => message.trimEnd()));
        pages += 1;
        if (pages === MOST_PAGES) break;
      }
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return [];
      const failure = failureOf(error);
      const needs = failure.reason === 'denied' ? ', needs logs:FilterLogEvents' : '';
      throw new FunctionLogError(`Cannot read log group "${group}": ${describeFailure(error)}${needs}`, {
        ...failure,
        cause: error,
      });
    }
    return lines.slice(-most);
  },
});
