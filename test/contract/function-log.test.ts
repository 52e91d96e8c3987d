import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { cloudwatchFunctionLog } from '../../src/monitor/adapters/cloudwatch-logs/cloudwatch-function-log.ts';
import { memoryFunctionLog } from '../../src/monitor/adapters/memory/memory-function-log.ts';
import type { LogLine } from '../../src/monitor/domain/examine/logged-run.ts';
import { type FunctionLog, FunctionLogError } from '../../src/monitor/ports/look/function-log.ts';
import { NOW } from '../support/builders.ts';
import { deny } from '../support/denying.ts';
import { aSimulator, sdk } from '../support/simulated.ts';

const GROUP = '/aws/lambda/rotate-db';
const SPAN = { from: later(NOW, -HOUR), until: NOW };
const LINES = [
  { at: later(NOW, -2 * HOUR), stream: 'one', text: '[ERROR] too early' },
  { at: later(NOW, -30 * MINUTE), stream: 'one', text: '[ERROR] "first"' },
  { at: later(NOW, -25 * MINUTE), stream: 'one', text: '[INFO] nothing' },
  { at: later(NOW, -20 * MINUTE), stream: 'one', text: '[WARN] about a:b' },
  { at: NOW, stream: 'one', text: '[ERROR] too late' },
];
const [, FIRST, , SECOND] = LINES;

/** Tests for every log of functions. */
function functionLogContract(open: () => Promise<FunctionLog>): void {
  test('the lines of a span that have any of the words come oldest first', async () => {
    const log = await open();
    const both = { lines: [FIRST, SECOND], isWhole: true };
    expect(await log.lines(GROUP, SPAN, ['ERROR', ' a:b'])).toEqual(both);
    expect(await log.lines(GROUP, SPAN, ['R] "first"'])).toEqual({ ...both, lines: [FIRST] });
    expect(await log.lines(GROUP, SPAN, ['absent'])).toEqual({ ...both, lines: [] });
  });

  test('a group that is not there has no answer', async () => {
    expect(await (await open()).lines('/aws/lambda/absent', SPAN, ['ERROR'])).toBeUndefined();
  });
}

describe('memoryFunctionLog', () => {
  functionLogContract(async () => memoryFunctionLog({ [GROUP]: LINES }));
});

describe('cloudwatchFunctionLog', () => {
  const open = async (lines: readonly LogLine[] = LINES) => {
    const simulator = aSimulator();
    const call = (operation: string, input: object) =>
      simulator.call('logs', operation, { ...input }, 'test');
    await call('CreateLogGroup', { logGroupName: GROUP });
    await call('CreateLogStream', { logGroupName: GROUP, logStreamName: 'one' });
    const logEvents = lines.map(({ at, text }) => ({ timestamp: at, message: `${text}\n` }));
    await call('PutLogEvents', { logGroupName: GROUP, logStreamName: 'one', logEvents });
    return { simulator, log: cloudwatchFunctionLog(new CloudWatchLogsClient(sdk(simulator))) };
  };
  functionLogContract(async () => (await open()).log);

  test('a log that may not be read is an error with its permission', async () => {
    const { simulator, log } = await open();
    deny(simulator, 'FilterLogEvents');
    const read = log.lines(GROUP, SPAN, ['ERROR']);
    await expect(read).rejects.toBeInstanceOf(FunctionLogError);
    await expect(read).rejects.toThrow('needs logs:FilterLogEvents');
  });
});
