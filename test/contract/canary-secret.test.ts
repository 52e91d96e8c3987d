import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { memoryCanarySecret } from '../../src/monitor/adapters/memory/memory-canary-secret.ts';
import { secretsManagerCanary } from '../../src/monitor/adapters/secrets-manager/secrets-manager-canary.ts';
import { CANARY_TAGS } from '../../src/monitor/domain/rotation/canary.ts';
import { CanaryError } from '../../src/monitor/ports/canary/canary-secret.ts';
import { aSecret, CURRENT, PENDING } from '../support/builders.ts';
import { aSimulator, sdk } from '../support/simulated.ts';
import { canarySecretContract } from './canary-secret.suite.ts';

describe('memoryCanarySecret', () => {
  canarySecretContract(async () => {
    const canary = memoryCanarySecret(aSecret().arn, CURRENT);
    return { canary, writtenTo: async (versionId) => canary.writtenTo(versionId) };
  });
});

describe('secretsManagerCanary', () => {
  /** A canary in the simulator, and who may look at its values: not the role of the canary. */
  async function inSimulator() {
    const simulator = aSimulator();
    const { arn } = simulator.secretsManager.seed({
      name: 'canary',
      kind: 'none',
      versions: [{ id: CURRENT, stages: ['AWSCURRENT'] }],
    });
    const writtenTo = async (VersionId: string): Promise<string | undefined> => {
      const answer = await simulator.call(
        'secretsmanager',
        'GetSecretValue',
        { SecretId: arn, VersionId },
        'x',
      );
      return (answer as { SecretString?: string }).SecretString;
    };
    const client = new SecretsManagerClient(sdk(simulator, 'canary'));
    return { simulator, writtenTo, canary: secretsManagerCanary(client, arn) };
  }

  canarySecretContract(inSimulator);

  test('no value is asked for', async () => {
    const { simulator, canary } = await inSimulator();
    await canary.fill({ versionId: PENDING, rotationToken: undefined });
    await canary.fill({ versionId: PENDING, rotationToken: undefined });
    await canary.makeCurrent({ versionId: PENDING, insteadOf: (await canary.look()).currentVersionId });
    expect(simulator.callLog.counts('canary')).toEqual({
      'secretsmanager:PutSecretValue': 2,
      'secretsmanager:DescribeSecret': 1,
      'secretsmanager:UpdateSecretVersionStage': 1,
    });
  });

  test.each([
    ['throttled', 'throttled', true],
    ['server-error', 'server', true],
  ] as const)('a call that is %s fails as %s and names its permission', async (kind, reason, retryable) => {
    const { simulator, canary } = await inSimulator();
    simulator.faults.add({ kind, probability: 1 });
    const failure = await canary.tag(CANARY_TAGS.tickedAt, 'now').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CanaryError);
    expect(failure).toMatchObject({ reason, retryable });
    expect(String(failure)).toContain('needs secretsmanager:TagResource');
  });

  test('a canary that is gone is reported as not found', async () => {
    const canary = secretsManagerCanary(new SecretsManagerClient(sdk(aSimulator())), aSecret().arn);
    await expect(canary.look()).rejects.toMatchObject({ name: 'CanaryError', reason: 'not-found' });
  });
});
