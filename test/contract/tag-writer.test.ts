import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { memoryTagWriter } from '../../src/monitor/adapters/memory/memory-repair.ts';
import { memorySecretCatalog } from '../../src/monitor/adapters/memory/memory-secret-catalog.ts';
import { secretsManagerCatalog } from '../../src/monitor/adapters/secrets-manager/secrets-manager-catalog.ts';
import { secretsManagerTagWriter } from '../../src/monitor/adapters/secrets-manager/secrets-manager-tag-writer.ts';
import type { SecretArn } from '../../src/monitor/domain/secret/secret.ts';
import type { SecretCatalog } from '../../src/monitor/ports/look/secret-catalog.ts';
import { type TagWriter, TagWriterError } from '../../src/monitor/ports/repair/tag-writer.ts';
import { arn } from '../support/builders.ts';
import { deny } from '../support/denying.ts';
import { healthy, named } from '../support/secrets.ts';
import { aSimulator, sdk } from '../support/simulated.ts';

interface TagWriterUnderTest {
  readonly tags: TagWriter;
  readonly catalog: SecretCatalog;
  readonly secretArn: SecretArn;
}

/** Tests for every writer of tags. */
function tagWriterContract(open: () => Promise<TagWriterUnderTest>): void {
  test('tags are added, replaced and taken off, and others stay', async () => {
    const { tags, catalog, secretArn } = await open();
    const seen = async () => (await catalog.describe(secretArn))?.tags;
    await tags.put(secretArn, { a: '1', b: '2' });
    await tags.put(secretArn, { b: '3' });
    expect(await seen()).toEqual({ a: '1', b: '3' });
    await tags.remove(secretArn, ['a', 'absent']);
    expect(await seen()).toEqual({ b: '3' });
  });

  test('a secret that is not there cannot be tagged', async () => {
    const { tags } = await open();
    await expect(tags.put(named('prod/absent').arn, { a: '1' })).rejects.toBeInstanceOf(TagWriterError);
  });
}

describe('memoryTagWriter', () => {
  tagWriterContract(async () => {
    const catalog = memorySecretCatalog([healthy('prod/db')]);
    return { tags: memoryTagWriter(catalog), catalog, secretArn: named('prod/db').arn };
  });
});

describe('secretsManagerTagWriter', () => {
  const open = async () => {
    const simulator = aSimulator();
    const { arn: secretArn } = simulator.secretsManager.seed({ name: 'prod/db', kind: 'none' });
    const client = new SecretsManagerClient(sdk(simulator));
    return {
      simulator,
      tags: secretsManagerTagWriter(client),
      catalog: secretsManagerCatalog(client),
      secretArn: arn(secretArn),
    };
  };
  tagWriterContract(open);

  test('a denied call names the permission', async () => {
    const { simulator, tags, secretArn } = await open();
    deny(simulator, 'UntagResource');
    await expect(tags.remove(secretArn, ['a'])).rejects.toThrow('needs secretsmanager:UntagResource');
  });
});
