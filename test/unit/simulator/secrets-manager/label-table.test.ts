import { PutSecretValueCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { NAME, put, rotate, simulated, stagesOf, V1, V2, V3 } from './support.ts';

const { openCreated, openRotated } = simulated;

// The rows recorded against AWS: facts about labels that the whole monitor stands on.

const promote = (to: string, from: string) =>
  new UpdateSecretVersionStageCommand({
    SecretId: NAME,
    VersionStage: 'AWSCURRENT',
    MoveToVersionId: to,
    RemoveFromVersionId: from,
  });

test('a value put with AWSPENDING stands beside AWSCURRENT', async () => {
  const { client } = await openCreated();
  await put(client, V2, 'two', ['AWSPENDING']);
  expect(await stagesOf(client)).toEqual({ [V1]: ['AWSCURRENT'], [V2]: ['AWSPENDING'] });
});

test('moving AWSCURRENT to the pending version leaves AWSPENDING on it', async () => {
  const { client } = await openCreated();
  await put(client, V2, 'two', ['AWSPENDING']);
  await client.send(promote(V2, V1));
  expect(await stagesOf(client)).toEqual({ [V1]: ['AWSPREVIOUS'], [V2]: ['AWSCURRENT', 'AWSPENDING'] });
});

test('a further value put with AWSPENDING takes the label from the current version', async () => {
  const { client } = await openCreated();
  await put(client, V2, 'two', ['AWSPENDING']);
  await client.send(promote(V2, V1));
  await put(client, V3, 'three', ['AWSPENDING']);
  expect(await stagesOf(client)).toEqual({
    [V1]: ['AWSPREVIOUS'],
    [V2]: ['AWSCURRENT'],
    [V3]: ['AWSPENDING'],
  });
});

test('a new AWSCURRENT clears AWSPENDING from the version that had both', async () => {
  const { client } = await openCreated();
  await put(client, V2, 'two', ['AWSPENDING']);
  await client.send(promote(V2, V1));
  await put(client, V3, 'three');
  expect(await stagesOf(client)).toEqual({ [V2]: ['AWSPREVIOUS'], [V3]: ['AWSCURRENT'] });
});

test('a whole rotation leaves AWSCURRENT on the new version and AWSPENDING nowhere', async () => {
  const { client, clock } = await openRotated();
  await rotate(client, V2);
  await clock.advance(60_000);
  expect(await stagesOf(client)).toEqual({ [V1]: ['AWSPREVIOUS'], [V2]: ['AWSCURRENT'] });
});

test('moving AWSCURRENT back gives AWSPREVIOUS to the version it left', async () => {
  const { client } = await openCreated();
  await put(client, V2, 'two');
  await client.send(promote(V1, V2));
  expect(await stagesOf(client)).toEqual({ [V1]: ['AWSCURRENT'], [V2]: ['AWSPREVIOUS'] });
});

test('the first value carries AWSCURRENT whatever labels were asked for', async () => {
  const { client, service } = await openCreated();
  service.seed({ name: 'empty', kind: 'none', versions: [] });
  const { VersionStages } = await client.send(
    new PutSecretValueCommand({
      SecretId: 'empty',
      SecretString: 'one',
      VersionStages: ['AWSPENDING'],
    }),
  );
  expect(VersionStages?.toSorted()).toEqual(['AWSCURRENT', 'AWSPENDING']);
});
