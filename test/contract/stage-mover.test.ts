import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { DAY, HOUR, later } from '../../src/calendar/instant.ts';
import { memoryStageMover } from '../../src/monitor/adapters/memory/memory-repair.ts';
import { memorySecretCatalog } from '../../src/monitor/adapters/memory/memory-secret-catalog.ts';
import { secretsManagerCatalog } from '../../src/monitor/adapters/secrets-manager/secrets-manager-catalog.ts';
import { secretsManagerStageMover } from '../../src/monitor/adapters/secrets-manager/secrets-manager-stage-mover.ts';
import { arn, CURRENT, NOW, PENDING } from '../support/builders.ts';
import { deny } from '../support/denying.ts';
import { pendingSince } from '../support/secrets.ts';
import { aSimulator, sdk } from '../support/simulated.ts';
import { stageMoverContract } from './stage-mover.suite.ts';

describe('memoryStageMover', () => {
  stageMoverContract(async () => {
    const stored = pendingSince('prod/db', later(NOW, -HOUR));
    const catalog = memorySecretCatalog([stored]);
    const secretArn = stored.secret.arn;
    return {
      mover: memoryStageMover(catalog),
      secretArn,
      current: CURRENT,
      pending: PENDING,
      stages: async () => (await catalog.describe(secretArn))?.versionStages ?? {},
    };
  });
});

describe('secretsManagerStageMover', () => {
  const open = async () => {
    const simulator = aSimulator();
    const { arn: secretArn } = simulator.secretsManager.seed({
      name: 'prod/db',
      kind: 'none',
      versions: [
        { id: CURRENT, stages: ['AWSCURRENT'], createdAt: later(NOW, -DAY) },
        { id: PENDING, stages: ['AWSPENDING'], createdAt: later(NOW, -HOUR) },
      ],
    });
    const client = new SecretsManagerClient(sdk(simulator));
    const catalog = secretsManagerCatalog(client);
    return {
      simulator,
      mover: secretsManagerStageMover(client),
      secretArn: arn(secretArn),
      current: CURRENT,
      pending: PENDING,
      stages: async () => (await catalog.describe(secretArn))?.versionStages ?? {},
    };
  };
  stageMoverContract(open);

  test('what is denied names the permission', async () => {
    const { simulator, mover, secretArn, pending } = await open();
    deny(simulator, 'UpdateSecretVersionStage');
    const move = mover.move({ secretArn, label: 'x', to: pending, from: undefined });
    await expect(move).rejects.toMatchObject({
      reason: 'denied',
      message: expect.stringContaining('needs secretsmanager:UpdateSecretVersionStage'),
    });
  });
});
