import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { MINUTE } from '../../src/calendar/instant.ts';
import { secretsManagerCatalog } from '../../src/monitor/adapters/secrets-manager/secrets-manager-catalog.ts';
import { assumedRole } from '../../src/monitor/adapters/sts/assumed-role.ts';
import { addMemberRole, CENTRAL, MEMBER, MEMBER_ROLE, openOrganization } from '../support/organization.ts';
import { sdk } from '../support/simulated.ts';

const open = (externalId: string | undefined = 'id-1') => {
  const organization = openOrganization();
  organization.at(MEMBER).secretsManager.seed({ name: 'prod/db', kind: 'none' });
  const role = {
    roleArn: addMemberRole(organization, MEMBER.account, 'id-1'),
    externalId,
    sessionName: 'secret-rotation-monitor',
  };
  const own = sdk(organization.at(CENTRAL), 'sweep');
  const credentials = assumedRole(new STSClient(own), role, organization.clock);
  const client = new SecretsManagerClient({ ...own, credentials });
  const describe = () => client.send(new DescribeSecretCommand({ SecretId: 'prod/db' }));
  const assumed = () => organization.at(CENTRAL).callLog.counts('sweep')['sts:AssumeRole'] ?? 0;
  return { organization, client, describe, assumed };
};

test('calls go to the other account, as its role', async () => {
  const { organization, describe } = open();
  expect((await describe()).ARN).toContain(`:${MEMBER.account}:secret:prod/db-`);
  expect(organization.at(MEMBER).callLog.counts(MEMBER_ROLE)).toEqual({ 'secretsmanager:DescribeSecret': 1 });
});

test('credentials are kept until five minutes before they expire', async () => {
  const { organization, describe, assumed } = open();
  await describe();
  await organization.clock.advance(55 * MINUTE - 1);
  await describe();
  expect(assumed()).toBe(1);
  await organization.clock.advance(1);
  await describe();
  expect(assumed()).toBe(2);
});

test('a role that is refused fails every call as denied, and is asked for again by the next', async () => {
  const { organization, client, assumed } = open('another');
  const catalog = secretsManagerCatalog(client);
  for (const expected of [1, 2]) {
    await expect(catalog.describe('prod/db')).rejects.toMatchObject({
      reason: 'denied',
      retryable: false,
      ofTarget: true,
      message: expect.stringContaining(`needs sts:AssumeRole on arn:aws:iam::${MEMBER.account}:role/`),
    });
    expect(assumed()).toBe(expected);
  }
  expect(organization.at(MEMBER).callLog.counts()).toEqual({});
});
