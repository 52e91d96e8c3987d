import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { MINUTE } from '../../../../src/calendar/instant.ts';
import { CENTRAL, MEMBER, openOrganization, type TestOrganization } from '../../../support/organization.ts';
import { sdk } from '../../../support/simulated.ts';

const ROLE = `arn:aws:iam::${MEMBER.account}:role/reader`;

const trusting = (Condition: object = {}, AWS = `arn:aws:iam::${CENTRAL.account}:root`) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole', Condition }],
});

const withReader = (trustPolicy: object, maxSessionSeconds = 3600): TestOrganization => {
  const organization = openOrganization();
  organization.world.roles.add({ account: MEMBER.account, name: 'reader', trustPolicy, maxSessionSeconds });
  return organization;
};

const assume = async (organization: TestOrganization, input: Partial<AssumeRoleCommandInput> = {}) => {
  const client = new STSClient(sdk(organization.at(CENTRAL), 'sweep'));
  const { Credentials } = await client.send(
    new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'sweep', ...input }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
    ...(Credentials?.Expiration && { expiration: Credentials.Expiration }),
  };
};

const WITH_ID = { StringEquals: { 'sts:ExternalId': 'rotation-monitor' } };

test('the credentials of a role call in its account, under its name, in the region they sign for', async () => {
  const organization = withReader(trusting());
  const credentials = await assume(organization);
  for (const region of ['eu-west-1', 'us-east-1']) {
    const settings = { ...sdk(organization.at(CENTRAL), 'sweep'), credentials, region };
    await new SecretsManagerClient(settings).send(new ListSecretsCommand({}));
    const { callLog } = organization.at({ account: MEMBER.account, region });
    expect(callLog.counts('reader')).toEqual({ 'secretsmanager:ListSecrets': 1 });
  }
  expect(organization.at(CENTRAL).callLog.counts()).toEqual({ 'sts:AssumeRole': 1 });
});

test('the session shows who it is', async () => {
  const organization = withReader(trusting());
  const credentials = await assume(organization);
  const client = new STSClient({ ...sdk(organization.at(CENTRAL)), credentials });
  expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: MEMBER.account,
    Arn: `arn:aws:sts::${MEMBER.account}:assumed-role/reader/reader`,
  });
});

test('credentials work until they expire, and not at that instant', async () => {
  const organization = withReader(trusting());
  const credentials = await assume(organization, { DurationSeconds: 900 });
  expect(credentials.expiration).toEqual(new Date(organization.clock.now() + 15 * MINUTE));
  const client = new SecretsManagerClient({ ...sdk(organization.at(CENTRAL)), credentials });
  await organization.clock.advance(15 * MINUTE - 1);
  await client.send(new ListSecretsCommand({}));
  await organization.clock.advance(1);
  await expect(client.send(new ListSecretsCommand({}))).rejects.toMatchObject({
    name: 'ExpiredTokenException',
    message: 'The security token included in the request is expired',
  });
});

const REFUSED = {
  name: 'AccessDenied',
  message: `User: arn:aws:sts::${CENTRAL.account}:assumed-role/sweep/sweep is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
};

test.each<[string, object, Partial<AssumeRoleCommandInput>]>([
  ['the external id is missing', trusting(WITH_ID), {}],
  ['the external id is another', trusting(WITH_ID), { ExternalId: 'else' }],
  ['another account is trusted', trusting({}, 'arn:aws:iam::123456789012:root'), {}],
  ['another role is trusted', trusting({}, `arn:aws:iam::${CENTRAL.account}:role/deliver`), {}],
  [
    'another organization is trusted',
    trusting({ StringEquals: { 'aws:PrincipalOrgID': 'o-another111' } }, '*'),
    {},
  ],
])('a role is refused, in the words of AWS, when %s', async (_case, trust, input) => {
  await expect(assume(withReader(trust), input)).rejects.toMatchObject(REFUSED);
});

test.each<[string, object, Partial<AssumeRoleCommandInput>]>([
  ['the external id', trusting(WITH_ID), { ExternalId: 'rotation-monitor' }],
  ['the role of the caller', trusting({}, `arn:aws:iam::${CENTRAL.account}:role/sweep`), {}],
  ['the organization', trusting({ StringEquals: { 'aws:PrincipalOrgID': 'o-simulated1' } }, '*'), {}],
  ['the account alone', trusting({}, CENTRAL.account), {}],
  ['roles by pattern', trusting({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/sw*' } }, '*'), {}],
])('a role is given by %s', async (_case, trust, input) => {
  expect((await assume(withReader(trust), input)).accessKeyId).toMatch(/^ASIA[A-Z0-9]{16}$/);
});

test('a role that is not there is refused like one that does not trust', async () => {
  await expect(assume(openOrganization())).rejects.toMatchObject(REFUSED);
});

test('the roles of a suspended account are refused', async () => {
  const organization = withReader(trusting());
  organization.organization.setState(MEMBER.account, 'SUSPENDED');
  await expect(assume(organization)).rejects.toMatchObject(REFUSED);
});

test('a session is no longer than its role allows, and an hour for a role that assumes a role', async () => {
  await expect(assume(withReader(trusting(), 1800), { DurationSeconds: 1801 })).rejects.toMatchObject({
    message: expect.stringContaining('exceeds the MaxSessionDuration'),
  });
  await expect(assume(withReader(trusting(), 7200), { DurationSeconds: 3601 })).rejects.toMatchObject({
    message: expect.stringContaining('1 hour session limit for roles assumed by role chaining'),
  });
});

test('a name of a session that AWS would not take is refused', async () => {
  await expect(assume(withReader(trusting()), { RoleSessionName: 'a b' })).rejects.toMatchObject({
    name: 'ValidationError',
  });
});
