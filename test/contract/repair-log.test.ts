import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { lambdaRepairLog, mayInvoke } from '../../src/monitor/adapters/lambda/lambda-repair-log.ts';
import { recordRepair } from '../../src/monitor/application/operate/record-repair.ts';
import type { RepairLog } from '../../src/monitor/ports/repair/repair-log.ts';
import { MonitorMemoryError } from '../../src/monitor/ports/store/monitor-memory.ts';
import { deny } from '../support/denying.ts';
import { named } from '../support/secrets.ts';
import { aService } from '../support/service.ts';
import { aSimulator, sdk } from '../support/simulated.ts';

const RUN = { secretArn: named('prod/db').arn, id: 'run-1', by: 'alex' };
const call = { what: 'Removes AWSPENDING.', state: 'done', movesLabel: true } as const;

/** Tests for every log of repairs. */
function repairLogContract(open: () => { readonly log: RepairLog }): void {
  test('a repair is recorded from its intent to its end, and keeps others out until then', async () => {
    const { log } = open();
    expect(await log.begin({ ...RUN, intent: [call.what] })).toEqual({ outcome: 'recorded' });
    const other = { ...RUN, id: 'run-2', by: 'sam', intent: [call.what] };
    expect(await log.begin(other)).toEqual({ outcome: 'busy', by: 'alex' });
    await log.note({ ...RUN, call });
    await log.note({ ...RUN, end: 'repaired' });
    expect(await log.begin(other)).toEqual({ outcome: 'recorded' });
  });
}

describe('recordRepair', () => {
  repairLogContract(() => {
    const service = aService();
    return {
      log: {
        begin: (request) => recordRepair(service, request),
        note: async (request) => void (await recordRepair(service, request)),
      },
    };
  });
});

describe('lambdaRepairLog', () => {
  const open = () => {
    const service = aService();
    const simulator = aSimulator();
    const arn = simulator.functions.register('record-repair', (request) =>
      recordRepair(service, request as object),
    );
    const client = new LambdaClient(sdk(simulator));
    return { simulator, client, arn, log: lambdaRepairLog(client, arn) };
  };
  repairLogContract(open);

  test('a dry run tells whether the right is there, and records nothing', async () => {
    const { simulator, client, arn } = open();
    expect(await mayInvoke(client, arn)).toBe(true);
    expect(simulator.functions.stats(arn).invocations).toBe(0);
    deny(simulator, 'Invoke');
    expect(await mayInvoke(client, arn)).toBe(false);
  });

  test('a function that may not be invoked is an error with its permission', async () => {
    const { simulator, log } = open();
    deny(simulator, 'Invoke');
    const begun = log.begin({ ...RUN, intent: [] });
    await expect(begun).rejects.toBeInstanceOf(MonitorMemoryError);
    await expect(begun).rejects.toThrow('needs lambda:InvokeFunction');
  });
});
