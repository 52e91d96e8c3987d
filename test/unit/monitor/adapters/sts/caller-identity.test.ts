import { STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { callerIdentity } from '../../../../../src/monitor/adapters/sts/caller-identity.ts';
import { deny } from '../../../../support/denying.ts';
import { aSimulator, sdk } from '../../../../support/simulated.ts';

test('callerIdentity asks STS whose credentials they are', async () => {
  expect(await callerIdentity(new STSClient(sdk(aSimulator())))).toEqual({
    account: '111122223333',
    arn: expect.stringMatching(/^arn:aws:sts::111122223333:assumed-role\/test\//),
  });
});

test('callerIdentity fails with what STS said', async () => {
  const simulator = aSimulator();
  deny(simulator, 'GetCallerIdentity');
  await expect(callerIdentity(new STSClient(sdk(simulator)))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});
