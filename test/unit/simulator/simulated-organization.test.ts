import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, onTestFinished, test } from 'vitest';
import { ACCESS_ROLE } from '../../../src/simulator/simulated-organization.ts';
import { CENTRAL, MEMBER, openOrganization } from '../../support/organization.ts';
import { sdk } from '../../support/simulated.ts';

test('every account has its own secrets in every region', async () => {
  const organization = openOrganization();
  const names = async (account: string, region: string) => {
    const settings = sdk(organization.at({ account, region }));
    const { SecretList = [] } = await new SecretsManagerClient(settings).send(new ListSecretsCommand({}));
    return SecretList.map(({ ARN }) => ARN?.split(':').slice(3, 5).join(' '));
  };
  for (const { secretsManager } of organization.simulators) secretsManager.seed({ name: 'db', kind: 'none' });
  expect(await names(MEMBER.account, 'eu-west-1')).toEqual(['eu-west-1 444455556666']);
  expect(await names(MEMBER.account, 'us-east-1')).toEqual(['us-east-1 444455556666']);
  expect(await names('123456789012', 'us-east-1')).toEqual(['us-east-1 123456789012']);
});

test('all of them live on one clock', async () => {
  const organization = openOrganization();
  const seen: string[] = [];
  for (const { home, functions, clock } of organization.simulators) {
    functions.register('f', () => void seen.push(`${home.account} ${home.region}`));
    clock.schedule(clock.now(), () => functions.invokeLater('f', {}));
  }
  await organization.clock.advance(0);
  expect(seen).toHaveLength(6);
  expect(new Set(seen).size).toBe(6);
});

test('a region that no account has switched on answers nobody', async () => {
  const client = new SQSClient({ ...sdk(openOrganization().at(CENTRAL)), region: 'ap-south-1' });
  await expect(client.send(new ListQueuesCommand({}))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
  });
});

test('a client that does not sign reaches the region whose host it names', async () => {
  const organization = openOrganization();
  const signer = { sign: async <T>(request: T): Promise<T> => request };
  await new SQSClient({ ...sdk(organization.at(CENTRAL), 'sweep'), region: 'us-east-1', signer }).send(
    new ListQueuesCommand({}),
  );
  const { callLog } = organization.at({ ...CENTRAL, region: 'us-east-1' });
  expect(callLog.counts('sweep')).toEqual({ 'sqs:ListQueues': 1 });
});

test('over HTTP, requests go to the region they are signed for and to the account of their credentials', async () => {
  const organization = openOrganization();
  const { endpoint, close } = await organization.listen({ port: 0 });
  onTestFinished(close);
  const own = { accessKeyId: 'operator', secretAccessKey: 'simulated' };
  const sts = new STSClient({ endpoint, region: 'eu-west-1', credentials: own });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${MEMBER.account}:role/${ACCESS_ROLE}`,
      RoleSessionName: 'op',
    }),
  );
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  await new SQSClient({ endpoint, region: 'us-east-1', credentials }).send(new ListQueuesCommand({}));
  expect(organization.at(CENTRAL).callLog.counts('operator')).toEqual({ 'sts:AssumeRole': 1 });
  const member = organization.at({ ...MEMBER, region: 'us-east-1' });
  expect(member.callLog.counts(ACCESS_ROLE)).toEqual({ 'sqs:ListQueues': 1 });
});

test('an account that is not part of the organization is a mistake of the caller', () => {
  expect(() => openOrganization().at({ account: '999999999999', region: 'eu-west-1' })).toThrow(RangeError);
});
