import { STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { callerAccount } from '../../../../../src/monitor/adapters/sts/caller-account.ts';
import { deny } from '../../../../support/denying.ts';
import { aSimulator, sdk } from '../../../../support/simulated.ts';

test('callerAccount asks STS whose credentials they are', async () => {
  expect(await callerAccount(new STSClient(sdk(aSimulator())))).toBe('111122223333');
});

test('callerAccount is undefined when STS does not tell', async () => {
  const simulator = aSimulator();
  deny(simulator, 'GetCallerIdentity');
  expect(await callerAccount(new STSClient(sdk(simulator)))).toBeUndefined();
});
