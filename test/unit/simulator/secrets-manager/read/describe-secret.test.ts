import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import { NAME, type Opened, openRotated, put, rotate, V1, V2 } from '../support.ts';

const described = async ({ client }: Opened) => client.send(new DescribeSecretCommand({ SecretId: NAME }));

test('a description that lags shows stages and dates of before together, for at most the delay', async () => {
  const opened = await openRotated();
  const { client, clock, service } = opened;
  await clock.advance(MINUTE);
  const before = await described(opened);
  service.delayDescriptions(5 * SECOND);
  await put(client, V2, 'two');
  expect(await described(opened)).toMatchObject({
    VersionIdsToStages: { [V1]: ['AWSCURRENT'] },
    LastChangedDate: before.LastChangedDate,
  });
  await clock.advance(5 * SECOND);
  expect(await described(opened)).toMatchObject({
    VersionIdsToStages: { [V2]: ['AWSCURRENT'], [V1]: ['AWSPREVIOUS'] },
    LastChangedDate: new Date('2026-11-02T10:01:00Z'),
  });
});

test('a rotation function sees what it has just written', async () => {
  const opened = await openRotated();
  opened.service.delayDescriptions(5 * MINUTE);
  await rotate(opened.client, V2);
  await opened.clock.advance(10 * MINUTE);
  expect((await described(opened)).VersionIdsToStages).toMatchObject({ [V1]: ['AWSPREVIOUS'] });
});
