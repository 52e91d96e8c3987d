import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { lambdaExceptionKeeper } from '../../src/monitor/adapters/lambda/lambda-exception-keeper.ts';
import { keepException } from '../../src/monitor/application/operate/keep-exception.ts';
import { MonitorMemoryError } from '../../src/monitor/ports/store/monitor-memory.ts';
import type { ExceptionKeeper } from '../../src/monitor/ports/tell/exception-keeper.ts';
import { deny } from '../support/denying.ts';
import { named } from '../support/secrets.ts';
import { aService } from '../support/service.ts';
import { aSimulator, sdk } from '../support/simulated.ts';

const ABOUT = { secretArn: named('prod/db').arn, control: 'SecretsManager.1' };
const ASKED = { ...ABOUT, by: 'alice', until: '2027-03-31', reason: 'rotated by hand' };

/** Tests for every way to keep exceptions. */
function exceptionKeeperContract(open: () => ExceptionKeeper): void {
  test('an exception is asked for, approved by another, and ended', async () => {
    const keeper = open();
    const asked = await keeper.keep(ASKED);
    const approve = ('exceptions' in asked ? asked.exceptions[0]?.id : undefined) ?? '';
    expect(asked).toMatchObject({ outcome: 'requested', exceptions: [{ requestedBy: 'alice' }] });
    expect(await keeper.keep({ ...ABOUT, by: 'alice', approve })).toEqual({
      outcome: 'refused',
      because: 'Whoever asks for an exception cannot approve it.',
    });
    const granted = await keeper.keep({ ...ABOUT, by: 'bob', approve });
    expect(granted).toMatchObject({ outcome: 'granted', exceptions: [{ approvedBy: 'bob' }] });
    const ended = await keeper.keep({ ...ABOUT, by: 'alice', end: true });
    expect(ended).toMatchObject({ outcome: 'ended', exceptions: [{ endedBy: 'alice' }] });
  });
}

describe('keepException', () => {
  exceptionKeeperContract(() => {
    const service = aService();
    return { keep: (request) => keepException(service, request) };
  });
});

describe('lambdaExceptionKeeper', () => {
  const open = () => {
    const service = aService();
    const simulator = aSimulator();
    const arn = simulator.functions.register('keep-exception', (request) =>
      keepException(service, request as object),
    );
    return { simulator, keeper: lambdaExceptionKeeper(new LambdaClient(sdk(simulator)), arn) };
  };
  exceptionKeeperContract(() => open().keeper);

  test('a function that may not be invoked, or fails, is an error', async () => {
    const { simulator, keeper } = open();
    await expect(keeper.keep({ ...ASKED, until: '2030-01-01' })).rejects.toThrow(MonitorMemoryError);
    deny(simulator, 'Invoke');
    await expect(keeper.keep(ASKED)).rejects.toThrow('needs lambda:InvokeFunction');
  });
});
