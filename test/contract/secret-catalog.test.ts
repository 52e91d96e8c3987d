import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { memorySecretCatalog } from '../../src/monitor/adapters/memory/memory-secret-catalog.ts';
import { secretsManagerCatalog } from '../../src/monitor/adapters/secrets-manager/secrets-manager-catalog.ts';
import { dayOf } from '../../src/monitor/domain/rotation/previous-version.ts';
import { CatalogError } from '../../src/monitor/ports/look/secret-catalog.ts';
import { aReplica, CURRENT, NOW } from '../support/builders.ts';
import { named } from '../support/secrets.ts';
import { aSimulator, sdk } from '../support/simulated.ts';
import { secretCatalogContract } from './secret-catalog.suite.ts';

const nameOf = (index: number): string => `prod/${String(index).padStart(3, '0')}`;

describe('memorySecretCatalog', () => {
  secretCatalogContract(async (count) => {
    const catalog = memorySecretCatalog();
    const put = (index: number, given = {}, lastAccessedAt = {}) =>
      catalog.put({
        secret: named(nameOf(index), { versionStages: { [CURRENT]: ['AWSCURRENT'] }, ...given }),
        createdAt: { [CURRENT]: NOW },
        lastAccessedAt,
      });
    for (let index = 0; index < count; index++) put(index);
    const today = dayOf(NOW);
    const replicas = [aReplica('us-east-1', 'InProgress')];
    const indexOf = (name: string) => Number(name.slice(-3));
    return {
      catalog,
      remove: async (name) => put(indexOf(name), { deletedAt: NOW }),
      use: async (name) => put(indexOf(name), { lastAccessedAt: today }, { [CURRENT]: today }),
      replicate: async (name) => put(indexOf(name), { primaryRegion: 'eu-west-1', replicas }),
    };
  });
});

describe('secretsManagerCatalog', () => {
  secretCatalogContract(async (count) => {
    const simulator = aSimulator();
    const call = (operation: string, input: object) =>
      simulator.call('secretsmanager', operation, { ...input }, 'operator');
    for (let index = 0; index < count; index++) {
      await call('CreateSecret', { Name: nameOf(index), SecretString: 'x', ClientRequestToken: CURRENT });
    }
    return {
      catalog: secretsManagerCatalog(new SecretsManagerClient(sdk(simulator))),
      remove: async (SecretId) => void (await call('DeleteSecret', { SecretId })),
      use: async (SecretId) => void (await call('GetSecretValue', { SecretId })),
      replicate: async (SecretId) => {
        const AddReplicaRegions = [{ Region: 'us-east-1' }];
        await call('ReplicateSecretToRegions', { SecretId, AddReplicaRegions });
      },
    };
  });

  test.each([
    ['throttled', 'throttled'],
    ['server-error', 'server'],
    ['timeout', 'timeout'],
  ] as const)('a call that is %s fails as %s and may be tried again', async (kind, reason) => {
    const simulator = aSimulator();
    const catalog = secretsManagerCatalog(new SecretsManagerClient(sdk(simulator)));
    simulator.faults.add({ kind, probability: 1 });
    const failure = await catalog.describe('prod/000').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CatalogError);
    expect(failure).toMatchObject({ reason, retryable: true });
  });
});
