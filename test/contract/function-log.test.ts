import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { cloudwatchFunctionLog } from '../../src/monitor/adapters/cloudwatch-logs/cloudwatch-function-log.ts';
import { memoryFunctionLog } from '../../src/monitor/adapters/memory/memory-function-log.ts';
import { type FunctionLog, FunctionLogError } from '../../src/monitor/ports/look/function-log.ts';
import { NOW } from '../support/builders.ts';
import { deny } from '../support/denying.ts';
import { aSimulator, sdk } from '../support/simulated.ts';

const GROUP = '/aws/lambda/rotate-db';
const SPAN = { from: later(NOW, -HOUR), until: NOW };
const LINES = [
  { at: later(NOW, -2 * HOUR), text: '[ERROR] too early' },
  { at: later(NOW, -30 * MINUTE), text: '[ERROR] first' },
  { at: later(NOW, -20 * MINUTE), text: '[ERROR] second' },
];

/** Tests for every log of functions. */
function functionLogContract(open: () => Promise<FunctionLog>): void {
  test('the error lines of a span come oldest first, the latest of them', async () => {
    const log = await open();
    expect(await log.errorLines(GROUP, SPAN, 20)).toEqual(['[ERROR] first', '[ERROR] second']);
    expect(await log.errorLines(GROUP, SPAN, 1)).toEqual(['[ERROR] second']);
  });

  test('a group that is not there has no lines', async () => {
    expect(await (await open()).errorLines('/aws/lambda/absent', SPAN, 20)).toEqual([]);
  });
}

describe('memoryFunctionLog', () => {
  functionLogContract(async () => memoryFunctionLog({ [GROUP]: LINES }));
});

describe('cloudwatchFunctionLog', () => {
  const open = async () => {
    const simulator = aSimulator();
    const call = (operation: string, input: object) =>
      simulator.call('logs', operation, { ...input }, 'test');
    await call('CreateLogGroup', { logGroupName: GROUP });
    await call('CreateLogStream', { logGroupName: GROUP, logStreamName: 'one' });
    const info = { at: later(NOW, -10 * MINUTE), text: '[INFO] nothing' };
    const logEvents = [...LINES, info].map(({ at, text }) => ({ timestamp: at, message: text }));
    await call('PutLogEvents', { logGroupName: GROUP, logStreamName: 'one', logEvents });
    return { simulator, log: cloudwatchFunctionLog(new CloudWatchLogsClient(sdk(simulator))) };
  };
  functionLogContract(async () => (await open()).log);

  test('a log that may not be read is an error with its permission', async () => {
    const { simulator, log } = await open();
    deny(simulator, 'FilterLogEvents');
    const read = log.errorLines(GROUP, SPAN, 20);
    await expect(read).rejects.toBeInstanceOf(FunctionLogError);
    await expect(read).rejects.toThrow('needs logs:FilterLogEvents');
  });
});
